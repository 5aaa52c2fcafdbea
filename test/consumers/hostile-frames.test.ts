import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase, Item } from "../transcripts/lab/database.ts";
import { reset } from "../transcripts/lab/operations.ts";
import { type LabServer, startLabServer } from "../transcripts/lab-server.ts";
import { LabSocket } from "../transcripts/lab-socket.ts";
import { type HostileFrame, hostileFrames, hostileStreamFrames } from "./hostile-frames.ts";

const MODEL_ACTIONS = ["list", "retrieve", "create", "update", "patch", "delete", "cancel"];
const CUSTOM_ACTIONS = [
  "echo_async",
  "echo_sync",
  "needs_arg",
  "no_kwargs",
  "length",
  "fail",
  "types",
  "unserialisable",
  "integrity",
  "cancel",
];

/** Routes with what is sent to them; `faultless` ones never answer 500, whatever comes. */
const targets = [
  { route: "items", faultless: true, frames: hostileFrames(MODEL_ACTIONS) },
  { route: "uuid", faultless: true, frames: hostileFrames(MODEL_ACTIONS) },
  { route: "articles", faultless: true, frames: hostileFrames(MODEL_ACTIONS) },
  { route: "pairs", faultless: true, frames: hostileFrames(MODEL_ACTIONS) },
  { route: "orders", faultless: true, frames: hostileFrames(["create"]) },
  { route: "paginated", faultless: true, frames: hostileFrames(["list"]) },
  { route: "lookup-url-kwarg", faultless: true, frames: hostileFrames(MODEL_ACTIONS) },
  { route: "view-detail", faultless: false, frames: hostileFrames(["retrieve", "update", "list"]) },
  { route: "actions", faultless: false, frames: hostileFrames(CUSTOM_ACTIONS) },
  { route: "demux", faultless: true, frames: hostileStreamFrames(["items", "users"], MODEL_ACTIONS) },
];

const FUZZ_MS = Number(process.env["FUZZ_MS"] ?? 8000);
/** Statuses that some frames of enough get. */
const MOST_LIKELY = [200, 201, 204, 400, 404, 405];
const MOST_HEAP_GROWTH = 64 * 1024 * 1024;
const TELLS_TOO_MUCH = /SQLITE|node_modules|\.ts:\d|\bat async\b|lab_item/;

let lab: LabServer;
const sockets = new Map<string, LabSocket>();
const statuses = new Set<number>();

beforeAll(async () => {
  lab = await startLabServer({ ordered: false });
  await reset();
  for (const { route } of targets) sockets.set(route, await opened(route));
});

afterAll(async () => {
  for (const socket of sockets.values()) socket.terminate();
  await lab.close();
  await closeDatabase();
});

async function opened(route: string): Promise<LabSocket> {
  const socket = new LabSocket(`${lab.url}/${route}/`);
  expect((await socket.next("the handshake")).kind).toBe("open");
  return socket;
}

function socketOf(route: string): LabSocket {
  const socket = sockets.get(route);
  if (socket === undefined) throw new RangeError(`No socket for ${route}`);
  return socket;
}

interface Answer {
  readonly errors: readonly unknown[];
  readonly response_status: number;
  readonly request_id: unknown;
}

async function receiveAnswer(socket: LabSocket, route: string): Promise<Answer> {
  const event = await socket.next(`an answer from ${route}`);
  if (event.kind !== "frame")
    throw new RangeError(`Expected an answer from ${route}, got ${JSON.stringify(event).slice(0, 300)}`);
  const frame = JSON.parse(event.text);
  const answer = route === "demux" ? frame.payload : frame;
  expect(Object.keys(answer).slice(0, 5)).toEqual(["errors", "data", "action", "response_status", "request_id"]);
  if (answer.errors.length > 0)
    expect(JSON.stringify(answer.errors).replaceAll("DROP TABLE lab_item", "")).not.toMatch(TELLS_TOO_MUCH);
  return answer;
}

async function exchange(
  { route, faultless }: { route: string; faultless: boolean },
  frames: readonly HostileFrame[],
): Promise<void> {
  const socket = socketOf(route);
  for (const frame of frames) {
    if (typeof frame === "string") socket.sendText(frame);
    else socket.sendBinary(Buffer.from(frame));
  }
  for (const _frame of frames) {
    const answer = await receiveAnswer(socket, route);
    statuses.add(answer.response_status);
    if (faultless) expect(answer.response_status).not.toBe(500);
  }
  const sentinel = { request_id: "sentinel" };
  socket.sendText(JSON.stringify(route === "demux" ? { stream: "items", payload: sentinel } : sentinel));
  expect(await receiveAnswer(socket, route)).toMatchObject({ response_status: 405, request_id: "sentinel" });
}

function describeFrames([target, frames]: readonly [object, readonly HostileFrame[]]): string {
  const texts = frames.map((frame) => (typeof frame === "string" ? frame : `bytes ${Buffer.from(frame).toString("hex")}`));
  return [
    JSON.stringify(target),
    ...texts.map((text) => (text.length <= 1000 ? text : `${text.slice(0, 1000)}… (${text.length})`)),
  ].join("\n");
}

function heapAfterGc(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("hostile frames", () => {
  it(
    "get one answer each, leave the socket alive, cost bounded memory and tell nothing of the server",
    { timeout: FUZZ_MS + 50_000 },
    async () => {
      const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
      console.log(`hostile frames: seed ${seed} (set FUZZ_SEED to repeat)`);
      const batches = fc.oneof(
        ...targets.map(({ frames, ...target }) =>
          fc.tuple(fc.constant(target), fc.array(frames, { minLength: 1, maxLength: 8 })),
        ),
      );
      const before = heapAfterGc();
      let sent = 0;
      let last = Promise.resolve();
      const property = fc.asyncProperty(batches, async ([target, frames]) => {
        last = exchange(target, frames);
        await last;
        sent += frames.length;
      });
      // On a slow machine a few frames are sent in that time, and not every status is seen.
      for (let round = 0; round === 0 || MOST_LIKELY.some((status) => !statuses.has(status)); round += 1) {
        const limits = { numRuns: 100_000, interruptAfterTimeLimit: FUZZ_MS, endOnFailure: true };
        const run = await fc.check(property, { seed: seed + round, ...limits });
        if (run.counterexample !== null)
          expect.fail(`${String(run.errorInstance)}\nseed ${seed + round}, frames ${describeFrames(run.counterexample[0])}`);
        // The limit does not wait for what is under way.
        await last;
      }
      console.log(`hostile frames: ${sent} sent`);
      expect(heapAfterGc() - before).toBeLessThan(MOST_HEAP_GROWTH);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(Reflect.get({}, "admin")).toBeUndefined();
    },
  );

  it("leave the tables as they were, but for rows that were created, changed or deleted in the ordinary way", async () => {
    expect(await Item.objects.filter({ name__contains: "DROP" }).count()).toBeLessThanOrEqual(1);
    const socket = await opened("items");
    socket.sendText('{"action": "list", "request_id": "last"}');
    expect(await receiveAnswer(socket, "items")).toMatchObject({ response_status: 200, request_id: "last" });
    socket.terminate();
  });

  it.each([
    ["plain text", "x".repeat(1_000_000)],
    ["escapes", "\\n".repeat(500_000)],
    ["escaped quotes", '\\"'.repeat(500_000)],
    ["backslashes", "\\\\".repeat(500_000)],
    ["hash signs", "#".repeat(1_000_000)],
  ])("a frame of a million characters of %s with an exact integer in it costs less than a second", async (_what, text) => {
    const socket = await opened("actions");
    // Of this process alone: a machine that stands still costs nothing.
    const start = process.cpuUsage();
    socket.sendText(`{"action": "length", "request_id": 12345678901234567890, "text": "${text}"}`);
    expect(await receiveAnswer(socket, "actions")).toMatchObject({ response_status: 200 });
    socket.sendText(`{"action": "length", "request_id": 12345678901234567890, "text": "${text}`);
    expect(await receiveAnswer(socket, "actions")).toMatchObject({ response_status: 400 });
    const { user, system } = process.cpuUsage(start);
    expect(user + system).toBeLessThan(1_000_000);
    socket.terminate();
  });
});
