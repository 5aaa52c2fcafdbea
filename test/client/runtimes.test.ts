import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { launchChromium } from "../chromium.ts";
import { bundle, pageHandler } from "../react/open-page.ts";
import { describeWith, services } from "../services.ts";
import { openTrial, type Trial } from "./runtimes/open-trial.ts";

const SCENARIO = "../client/runtimes/scenario.ts";
/** Milliseconds that a runtime has to run all of it, and that its test has. */
const PATIENCE = 20_000;
const timeout = PATIENCE + 10_000;

interface Ended {
  readonly error: Error | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of a process: it has to end by itself. @returns what it has reported. */
async function run({ url }: Trial, program: string, args: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "restwave-runtime-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = join(folder, "scenario.mjs");
  await writeFile(script, await bundle(SCENARIO));
  const env = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DO_NOT_TRACK: "1" };
  const { stdout, stderr, error } = await new Promise<Ended>((resolve) => {
    execFile(program, [...args, script, url], { env, timeout: PATIENCE, killSignal: "SIGKILL" }, (failure, out, err) =>
      resolve({ error: failure, stdout: out, stderr: err }),
    );
  });
  expect(error, `It should have ended by itself, and well. It said:\n${stdout}${stderr}`).toBeNull();
  return stdout.trim().split("\n");
}

/** Of a page. @returns what it has reported. */
async function visit({ url }: Trial): Promise<readonly string[]> {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const lines: string[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    page.on("pageerror", reject);
    page.on("console", (message) => {
      if (message.type() !== "log") return;
      lines.push(message.text());
      if (message.text().includes('"end"')) resolve();
    });
  });
  await page.goto(`${url.replace("ws:", "http:")}/#${url}`);
  await ended;
  return lines;
}

async function expectAll(lines: readonly string[], { board, sent }: Trial): Promise<void> {
  const steps: [string, unknown][] = lines.map((line) => JSON.parse(line)).map(({ step, seen }) => [step, seen]);
  expect(Object.fromEntries(steps)).toEqual({
    calls: {
      listed: ["Sweep", "Paint"],
      patched: { id: 1, title: "Paint", priority: 1, done: true },
      deleted: null,
      left: 1,
    },
    refusal: { status: 400, title: ["This field may not be blank."] },
    stream: [1, 2, 3],
    live: { list: ["First", "Paint the door", "Last"], row: "Paint the door", count: 3 },
    optimistic: { atOnce: "Paint the wall", seen: ["Paint the wall"] },
    "lost answer": { title: "Once", count: 1 },
    cut: ["reconnecting", "open"],
    tokens: { before: 1, after: 1, asked: 2 },
    silence: "live",
    end: { waiting: "closed", looking: "failed", left: "failed", codes: [1006] },
  });
  expect(board.TaskConsumer.cancelled).toEqual(["countTo"]);
  const creations = sent.map(({ text }) => JSON.parse(text).payload).filter((payload) => payload?.data?.title === "Once");
  expect(creations.map(({ action }) => action)).toEqual(["create", "create"]);
  expect(new Set(creations.map(({ idempotency_key: key }) => key)).size).toBe(1);
}

describeWith(services.node, "the client on Node's own WebSocket", () => {
  test("does all that it does, and lets the process end", { timeout }, async () => {
    const trial = await openTrial();
    await expectAll(await run(trial, services.node.address, []), trial);
  });
});

describeWith(services.bun, "the client on Bun", () => {
  test("does all that it does, and lets the process end", { timeout }, async () => {
    const trial = await openTrial();
    await expectAll(await run(trial, services.bun.address, ["run", "--no-install"]), trial);
  });
});

describeWith(services.deno, "the client on Deno", () => {
  test("does all that it does, and lets the process end", { timeout }, async () => {
    const trial = await openTrial();
    await expectAll(await run(trial, services.deno.address, ["run", "--no-prompt", "--allow-net=127.0.0.1"]), trial);
  });
});

describeWith(services.chromium, "the client in a page without a framework", () => {
  test("does all that it does", { timeout }, async () => {
    const trial = await openTrial({ http: pageHandler(await bundle(SCENARIO)) });
    await expectAll(await visit(trial), trial);
  });
});
