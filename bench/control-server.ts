import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "@photostructure/sqlite";
import { type WebSocket, WebSocketServer } from "ws";
import { tables } from "./seed.ts";
import { reportToParent } from "./server-reports.ts";

/*
 * What a good programmer writes without a framework: `ws`, statements that are prepared once and select the three columns, JSON.parse and
 * JSON.stringify. The answers are Restwave's, byte for byte.
 */

interface Frame {
  readonly action?: unknown;
  readonly request_id?: unknown;
  readonly pk?: unknown;
  readonly data?: { readonly username?: unknown; readonly email?: unknown } | null;
}

const [filename = ""] = process.argv.slice(2);
const db = new DatabaseSync(filename);
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000");

function resource(table: string) {
  const all = db.prepare(`SELECT "id", "username", "email" FROM "${table}"`);
  const one = db.prepare(`SELECT "id", "username", "email" FROM "${table}" WHERE "id" = ?`);
  const insert = db.prepare(`INSERT INTO "${table}" ("username", "email") VALUES (?, ?) RETURNING "id", "username", "email"`);
  const change = (assignments: string) =>
    db.prepare(`UPDATE "${table}" SET ${assignments} WHERE "id" = ? RETURNING "id", "username", "email"`);
  const changeUsername = change('"username" = ?');
  const changeEmail = change('"email" = ?');
  const changeBoth = change('"username" = ?, "email" = ?');

  /** A statement for each set of columns: naming a column that does not change would rewrite its index. */
  function update(pk: number, username: string | null, email: string | null): unknown {
    if (username === null) return email === null ? one.get(pk) : changeEmail.get(email, pk);
    return email === null ? changeUsername.get(username, pk) : changeBoth.get(username, email, pk);
  }

  return function answer({ action, request_id = null, pk, data }: Frame): string {
    switch (action) {
      case "list":
        return success(all.all(), action, 200, request_id);
      case "retrieve": {
        if (typeof pk !== "number") return failure([{ pk: ["This field is required."] }], action, 400, request_id);
        const row = one.get(pk);
        return row === undefined ? failure(["Not found"], action, 404, request_id) : success(row, action, 200, request_id);
      }
      case "create": {
        const errors = check(data, true);
        if (errors !== null) return failure([errors], action, 400, request_id);
        return guarded(action, request_id, () =>
          success(insert.get(text(data?.username), text(data?.email) ?? ""), action, 201, request_id),
        );
      }
      case "patch": {
        if (typeof pk !== "number") return failure([{ pk: ["This field is required."] }], action, 400, request_id);
        const errors = check(data, false);
        if (errors !== null) return failure([errors], action, 400, request_id);
        return guarded(action, request_id, () => {
          const row = update(pk, text(data?.username), text(data?.email));
          return row === undefined ? failure(["Not found"], action, 404, request_id) : success(row, action, 200, request_id);
        });
      }
      default:
        return failure([`Method "${String(action)}" not allowed.`], action, 405, request_id);
    }
  };
}

function success(data: unknown, action: unknown, status: number, requestId: unknown): string {
  return JSON.stringify({ errors: [], data, action, response_status: status, request_id: requestId });
}

function failure(errors: unknown[], action: unknown, status: number, requestId: unknown): string {
  return JSON.stringify({ errors, data: null, action, response_status: status, request_id: requestId });
}

function guarded(action: unknown, requestId: unknown, work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("UNIQUE")) throw error;
    return failure([{ username: ["user with this username already exists."] }], action, 400, requestId);
  }
}

function check(data: Frame["data"], isNew: boolean): Record<string, string[]> | null {
  if (data === undefined || data === null) return { non_field_errors: ["No data provided"] };
  const { username, email } = data;
  if (username === undefined && isNew) return { username: ["This field is required."] };
  if (username !== undefined && (typeof username !== "string" || username === "" || username.length > 150))
    return { username: ["Not a valid string."] };
  if (email !== undefined && (typeof email !== "string" || email.length > 254)) return { email: ["Not a valid string."] };
  return null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

const resources = new Map(Object.keys(tables).map((table) => [`/ws/${table}/`, resource(table)]));

function serveSocket(socket: WebSocket, path: string): void {
  const answer = resources.get(path);
  if (answer === undefined) return socket.close();
  socket.on("message", (data) => {
    try {
      socket.send(answer(JSON.parse(String(data))));
    } catch {
      socket.send(failure(["A server error occurred."], null, 500, null));
    }
  });
}

const server = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ server, maxPayload: 1024 * 1024, perMessageDeflate: false });
sockets.on("connection", (socket, request) => serveSocket(socket, request.url ?? ""));
server.listen(0, "127.0.0.1", () => reportToParent((server.address() as AddressInfo).port));
