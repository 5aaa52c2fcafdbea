import { randomBytes } from "node:crypto";
import type { Connection } from "./connection.ts";

/** Tells the connections of this process from those of others that write to the same log. */
const prefix = randomBytes(4).toString("hex");
const ids = new WeakMap<Connection, string>();
let made = 0;

/** The id of the socket, or of the HTTP request, that carries this connection: the same in logs, traces and the explorer. Made when first asked for. */
export function connectionId(connection: Connection): string {
  const carrier = connection.carrier ?? connection;
  const known = ids.get(carrier);
  if (known !== undefined) return known;
  made += 1;
  const id = `${prefix}-${made.toString(36)}`;
  ids.set(carrier, id);
  return id;
}
