// A server of notes as a process of its own. It kills itself when a note of this title is written ("dies before commit") or committed ("dies after commit").
import { serve, rePath } from "../../src/index.ts";
import { openAt } from "./idempotency-place.ts";

const [, , address = ""] = process.argv;
const { db, NoteConsumer, switches } = await openAt(address);

const die = (): void => void process.kill(process.pid, "SIGKILL");
let dying = false;
db.onCommit(() => {
  if (dying) die();
});
switches.afterWrite = (title) => {
  if (title === "dies before commit") die();
  dying = title === "dies after commit";
};

const server = await serve({
  routes: [rePath(/^ws\/$/, NoteConsumer)],
  port: 0,
  host: "127.0.0.1",
  signals: false,
  authenticate: () => ({ user: { id: "ann" } }),
});
console.log(server.url);
