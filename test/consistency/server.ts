import { path, serve } from "../../src/index.ts";
import { adminConsumer } from "./admin-consumer.ts";
import { openDomain } from "./domain.ts";
import { type Connected, taskConsumer } from "./task-consumer.ts";

/** The server under test as a process of its own: `server.ts ENGINE URL PORT`. Says where it listens, in one line. */
const [engine = "", url = "", port = "0", options = "{}"] = process.argv.slice(2);
const limits = parseLimits(options);
const domain = await openDomain({ engine: engine === "postgres" ? "postgres" : "sqlite", url }, limits);
const connected: Connected = new Set();

const server = await serve({
  ...limits,
  routes: [path("tasks/", taskConsumer(domain, connected)), path("admin/", adminConsumer(domain, connected))],
  authenticate: ({ query }) => {
    const id = Number(query.get("user"));
    return id > 0 ? { user: { id, isStaff: id === 1 } } : null;
  },
  host: "127.0.0.1",
  port: Number(port),
});
console.log(server.url);
process.on("disconnect", () => process.exit(0));

/** Limits of the server and of its database, as JSON. */
function parseLimits(text: string): Readonly<Record<string, number>> {
  return JSON.parse(text) as Readonly<Record<string, number>>;
}
