// In the folder of a new project: serves it as `npm run dev` does, runs its client as a user would, and looks at the answers.
import { spawn } from "node:child_process";
import { once } from "node:events";

const env = { ...process.env, PORT: "0", DATABASE_URL: "tasks.db" };
const started = [];

function start(args, extra = {}) {
  const child = spawn(process.execPath, args, { env: { ...env, ...extra }, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(([code]) => code);
  const running = { child, ended, output: "" };
  child.stdout.on("data", (text) => (running.output += text));
  started.push(running);
  return running;
}

async function says({ child, ended, ...running }, pattern, read) {
  for (;;) {
    const found = pattern.exec(read());
    if (found !== null) return found;
    const goesOn = await Promise.race([once(child.stdout, "data").then(() => true), ended.then(() => false)]);
    if (!goesOn) throw new RangeError(`Expected ${pattern} in its output, got: ${read() || JSON.stringify(running)}`);
  }
}

// Three programs that are compiled as they start: on a busy machine that takes a while.
const timer = setTimeout(() => fail(new RangeError("Expected an answer within two minutes.")), 120_000);

function fail(error) {
  console.error(error, started.map(({ output }) => output).join("\n---\n"));
  for (const { child } of started) child.kill("SIGKILL");
  process.exit(1);
}

try {
  const server = start(["node_modules/restwave/dist/restwave.js", "dev", "--no-open"]);
  const [, port] = await says(server, /Serving http:\/\/localhost:(\d+)/, () => server.output);
  const url = `ws://localhost:${port}/ws/`;
  const client = start(["--import", "tsx", "client.ts", "Buy milk"], { TASKS_URL: url });
  await says(client, /Added task 1\. There are 1\.\n\nOpen tasks:\n- Buy milk\n/, () => client.output);
  const other = start(["--import", "tsx", "client.ts", "Call Ada"], { TASKS_URL: url });
  await says(client, /Open tasks:\n- Call Ada\n- Buy milk\n/, () => client.output);
  for (const { child } of [client, other]) child.kill("SIGTERM");
  server.child.kill("SIGINT");
  const code = await server.ended;
  if (code !== 0) throw new RangeError(`Expected restwave dev to end with exit code 0, got ${code}.`);
  console.log("a new project is served, and its client sees what another adds");
  clearTimeout(timer);
} catch (error) {
  fail(error);
}
