import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { DatabaseSync } from "@photostructure/sqlite";
import { WebSocket, WebSocketServer } from "ws";
import { reportToParent } from "../server-reports.ts";
import { BURST, change } from "./writings.ts";

/*
 * What a good programmer writes without a framework: one statement for a change, one text for all who listen. With `each` every text is sent by
 * itself. With `joined` each socket has a queue, and what it got in a tick is one write. With `shared` all sockets have one queue: the bytes that leave
 * in a tick are put together once, which serves nobody but equal listeners.
 */

interface Frame {
  readonly action?: unknown;
  readonly request_id?: unknown;
  readonly pk?: unknown;
  readonly first?: unknown;
  readonly data?: { readonly email?: unknown } | null;
}

interface Listener {
  readonly stream: Duplex;
  waiting: Buffer[];
}

const [filename = "", mode] = process.argv.slice(2);
const db = new DatabaseSync(filename);
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000");
const all = db.prepare(`SELECT "id", "username", "email" FROM "hundred"`);
const changeEmail = db.prepare(`UPDATE "hundred" SET "email" = ? WHERE "id" = ? RETURNING "id", "username", "email"`);
const listeners = new Map<WebSocket, Listener>();
let commits = 0;
let everybody: Buffer[] = [];
let isScheduled = false;

function answer(frame: Frame, listen: () => void): string {
  const { action, request_id = null } = frame;
  switch (action) {
    case "subscribe_list":
      listen();
      return JSON.stringify({ errors: [], data: all.all(), action, response_status: 201, request_id, position: position() });
    case "patch": {
      const { pk, data } = frame;
      if (typeof pk !== "number" || typeof data?.email !== "string") return failure(frame, 400, "Not valid.");
      const row = changeEmail.get(data.email, pk);
      if (row === undefined) return failure(frame, 404, "Not found");
      commits += 1;
      publish(row);
      return JSON.stringify({ errors: [], data: row, action, response_status: 200, request_id });
    }
    case "burst": {
      const { first } = frame;
      if (typeof first !== "number") return failure(frame, 400, "Not valid.");
      for (const row of changeMany(first)) publish(row);
      return JSON.stringify({ errors: [], data: null, action, response_status: 200, request_id });
    }
    default:
      return failure(frame, 405, "Not allowed.");
  }
}

function failure({ action, request_id = null }: Frame, status: number, reason: string): string {
  return JSON.stringify({ errors: [reason], data: null, action, response_status: status, request_id });
}

function changeMany(first: number): unknown[] {
  db.exec("BEGIN IMMEDIATE");
  try {
    const rows = Array.from({ length: BURST }, (_, index) => {
      const { pk, email } = change(first + index);
      return changeEmail.get(email, pk);
    });
    db.exec("COMMIT");
    commits += 1;
    return rows;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

/** As long as Restwave's. */
function position(): string {
  return `5f0c9d2e5f0c9d2e:${commits}~0123456789.0123456789`;
}

function publish(data: unknown): void {
  const event = { errors: [], data, action: "update", response_status: 200, request_id: "list", position: position() };
  const text = JSON.stringify(event);
  if (mode === "each") {
    for (const socket of listeners.keys()) socket.send(text);
    return;
  }
  const frame = frameOf(text);
  if (mode === "shared") everybody.push(frame);
  else for (const { waiting } of listeners.values()) waiting.push(frame);
  if (isScheduled) return;
  isScheduled = true;
  process.nextTick(flush);
}

function flush(): void {
  isScheduled = false;
  const forAll = mode === "shared" ? Buffer.concat(everybody) : null;
  everybody = [];
  for (const [socket, listener] of listeners) {
    const { stream, waiting } = listener;
    const bytes = forAll ?? (waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting));
    listener.waiting = [];
    if (bytes.length > 0 && socket.readyState === WebSocket.OPEN) stream.write(bytes);
  }
}

/** RFC 6455, for texts of less than 64 KiB. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}

const server = createServer((_request, response) => response.writeHead(404).end());
const upgrader = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024, perMessageDeflate: false });
server.on("upgrade", (request, stream, head) => {
  upgrader.handleUpgrade(request, stream, head, (socket) => {
    socket.on("close", () => listeners.delete(socket));
    socket.on("message", (data) => {
      try {
        socket.send(answer(JSON.parse(String(data)), () => listeners.set(socket, { stream, waiting: [] })));
      } catch {
        socket.send(failure({}, 500, "A server error occurred."));
      }
    });
  });
});
server.listen(0, "127.0.0.1", () => reportToParent((server.address() as AddressInfo).port));
