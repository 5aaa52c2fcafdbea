import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { connectWebsocket } from "../../src/testing.ts";
import { listen } from "../../src/transports/node-ws/listen.ts";
import { CliProcess } from "./cli-process.ts";
import { newProject } from "./new-project.ts";

// Each starts a server from source, some several times.
vi.setConfig({ testTimeout: 60_000 });

const SERVING = /\[dev\] Serving http:\/\/localhost:(\d+) \(server\.ts\)/;

/** In one step: a file that stands empty for long enough between being opened and being written is served too, and then once more. */
function write(folder: string, file: string, text: string): void {
  writeFileSync(join(folder, `${file}~`), text);
  renameSync(join(folder, `${file}~`), join(folder, file));
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  write(folder, file, change(readFileSync(join(folder, file), "utf8")));
}

function dev(folder: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): CliProcess {
  return new CliProcess(["dev", ...args], folder, { PORT: "0", ...env });
}

async function answerOf(port: string | undefined, action: string): Promise<unknown> {
  const client = await connectWebsocket(`ws://127.0.0.1:${port ?? ""}/ws/`);
  client.sendJson({ action, request_id: 1 });
  const answer = await client.receiveJson();
  await client.close();
  return answer;
}

test("serves with its routes shown, and serves anew what was changed, but not for a file that it does not import", async () => {
  const folder = await newProject();
  const process = dev(folder);
  const [, first] = await process.says(SERVING);
  await process.says(/\/ws\/\n {2}tasks\n {4}actions {6}cancel, .*\n {4}permissions {2}none/);
  expect(await answerOf(first, "hello")).toMatchObject({ response_status: 405 });

  const before = process.output.length;
  edit(folder, "client.ts", (text) => `${text}\n// changed\n`);
  edit(folder, "consumers.ts", (text) =>
    text
      .replace("FilterSet,", "action,\n  reply,\n  FilterSet,")
      .replace(/\) \{\}\n$/, ') {\n  hello = action(() => reply("hello"));\n}\n'),
  );
  const [, second] = await process.says(SERVING, before);
  expect(await answerOf(second, "hello")).toMatchObject({ response_status: 200, data: "hello" });
  await process.says(/actions {6}cancel, .*, hello\n/, before);
  expect(process.output).toContain("[dev] consumers.ts has changed: starting again.");
  expect(process.output).not.toContain("client.ts");
});

test("stays when the server fails, shows the error in few lines, serves when it is mended, and says what is wrong with the fix", async () => {
  const folder = await newProject();
  edit(folder, "routing.ts", (text) => `import "./missing.ts";\n${text}`);
  const process = dev(folder);
  await process.says(/The server has ended with exit code 1\. Waiting for a change\./);

  let before = process.output.length;
  write(folder, "missing.ts", 'throw new RangeError("Nobody expected this.");\n');
  await process.says(/RangeError: Nobody expected this\.\n {2}at .*missing\.ts:\d+:\d+.*\n(?!.*node:internal)/, before);
  await process.says(/Waiting for a change/, before);

  before = process.output.length;
  write(folder, "missing.ts", "export const = 1;\n");
  await process.says(/missing\.ts:\d+:\d+: ERROR/, before);
  await process.says(/Waiting for a change/, before);

  before = process.output.length;
  edit(folder, "tables.ts", (text) => text.replace("done: ", "due: text(),\n    done: "));
  write(folder, "missing.ts", "export {};\n");
  const [, port] = await process.says(SERVING, before);
  await process.says(
    /error missing_column\n {2}The table "task" lacks the column "due".*\n {2}Fix: .*drizzle-kit generate/,
    before,
  );
  expect(await answerOf(port, "hello")).toMatchObject({ response_status: 405 });
});

test("says in one line that the port is taken", async () => {
  const folder = await newProject();
  const other = createServer();
  const port = await listen(other, 0, undefined);
  onTestFinished(() => void other.close());
  const process = dev(folder, [], { PORT: String(port) });
  await process.says(new RegExp(`ListenError: Port ${port} is taken\\. Stop the program that uses it or choose another port\\.`));
  await process.says(/Waiting for a change/);
});

test.each(["SIGINT", "SIGTERM"] as const)("ends with the server at %s, with exit code 0", async (signal) => {
  const folder = await newProject();
  const process = dev(folder);
  const [, port] = await process.says(SERVING);
  const client = await connectWebsocket(`ws://127.0.0.1:${port ?? ""}/ws/`);
  process.child.kill(signal);
  // As npm does, whose script was sent it by the terminal already.
  process.child.kill(signal);
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
  await client.close();
  expect(await process.exited).toBe(0);
  await expect(connectWebsocket(`ws://127.0.0.1:${port ?? ""}/ws/`)).rejects.toThrow();
});

test("leaves no server behind when it is killed", async () => {
  const folder = await newProject();
  const process = dev(folder);
  const [, port] = await process.says(SERVING);
  const client = await connectWebsocket(`ws://127.0.0.1:${port ?? ""}/ws/`);
  process.child.kill("SIGKILL");
  expect(await client.receiveClose(10_000)).toMatchObject({ code: 1001 });
});

test("names the explorer and opens it once, in the browser that is asked for", async () => {
  const folder = await newProject();
  edit(folder, "server.ts", (text) =>
    text.replace(
      "serve({",
      `serve({ http: (request, response) => {
        if (request.url !== "/explorer/") return false;
        response.writeHead(200, { "content-type": "text/html" }).end("<title>Explorer</title>");
        return true;
      },`,
    ),
  );
  writeFileSync(
    join(folder, "browser.mjs"),
    `#!${process.execPath}\nconsole.log("opened " + process.argv[2]);\nimport { appendFileSync } from "node:fs";\nappendFileSync(${JSON.stringify(join(folder, "opened.log"))}, process.argv[2] + "\\n");\n`,
    { mode: 0o755 },
  );
  const running = dev(folder, ["--open"], { BROWSER: join(folder, "browser.mjs") });
  const [, explorer] = await running.says(/\[dev\] Explorer (http:\/\/localhost:\d+\/explorer\/)/);
  await expect.poll(() => readFileSync(join(folder, "opened.log"), { encoding: "utf8", flag: "a+" })).toBe(`${explorer ?? ""}\n`);
});

test("refuses an entry that is not there, and options that exclude each other", async () => {
  const folder = await newProject();
  const missing = dev(folder, ["nothing.ts"]);
  expect(await missing.exited).toBe(2);
  expect(missing.output).toContain('Expected the module that starts your server, got "nothing.ts", which does not exist.');
  const both = dev(folder, ["--open", "--no-open"]);
  expect(await both.exited).toBe(2);
});
