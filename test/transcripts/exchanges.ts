import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One step of a recorded case; exactly one of the keys besides `sock`, `reason`, `body` and `result` is given. */
export interface Exchange {
  /** Which of several sockets; left out when there is one. */
  readonly sock?: string;
  readonly open?: string;
  readonly send?: string;
  readonly send_binary_hex?: string;
  readonly send_text_frame_hex?: string;
  readonly recv?: string;
  readonly op?: { readonly op: string; readonly [argument: string]: unknown };
  readonly result?: unknown;
  readonly client_close?: number;
  /** The server closed with this code and `reason`. */
  readonly close?: number;
  readonly reason?: string;
  /** The handshake was answered with this HTTP status and `body`. */
  readonly reject?: number;
  readonly body?: string;
  /** The client's own complaint about the handshake. */
  readonly error?: string;
  /** The socket was still open, and nothing more came. */
  readonly end?: "open";
}

export interface RecordedCase {
  readonly name: string;
  /** The route, with a query where the case has a user. */
  readonly consumer: string;
  readonly notes: string;
  readonly exchanges: readonly Exchange[];
}

const file = fileURLToPath(new URL("transcripts.json", import.meta.url));

/** All cases as they were recorded, long frames written out in full. */
export const recordedCases: readonly RecordedCase[] = (JSON.parse(readFileSync(file, "utf8")) as RecordedCase[]).map(
  (recorded) => ({
    ...recorded,
    exchanges: recorded.exchanges.map(writeOut),
  }),
);

/** `group/name` belongs to `group`. */
export function groupOf(recorded: RecordedCase): string {
  return recorded.name.slice(0, recorded.name.indexOf("/"));
}

function writeOut(exchange: Exchange): Exchange {
  if (exchange.send !== undefined) return { ...exchange, send: writeOutText(exchange.send) };
  if (exchange.recv !== undefined) return { ...exchange, recv: writeOutText(exchange.recv) };
  return exchange;
}

/** The recording shortens a long run of one character to `xx…[5047 chars in all]…xx`. */
function writeOutText(text: string): string {
  const note = /…\[(\d+) chars in all\]…/.exec(text);
  if (note === null) return text;
  const head = text.slice(0, note.index);
  const tail = text.slice(note.index + note[0].length);
  return head + head.slice(-1).repeat(Number(note[1]) - head.length - tail.length) + tail;
}
