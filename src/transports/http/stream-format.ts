import { encodeJson } from "../../protocol/json.ts";
import { type AcceptedTypes, EVENTS_TYPE, LINES_TYPE } from "./accepted-types.ts";
import type { AnswerFrame } from "./answer-frame.ts";
import { errorBody } from "./error-body.ts";

/** How the frames of a stream are written. */
export interface StreamFormat {
  readonly contentType: string;
  /** Keeps the connection open where nothing happens; empty where the format has nothing that means nothing. */
  readonly heartbeat: string;
  write(frame: AnswerFrame): string;
  /** Does nothing follow this frame? */
  isLast(frame: AnswerFrame): boolean;
}

/**
 * A subscription as server-sent events. An event has an id where the subscriber stands at the end of a transaction, so who comes back with
 * `Last-Event-ID` never resumes within one.
 *
 * @param asFrames write whole frames as data, for who needs the `index` of a row.
 */
export function liveFormat(asFrames: boolean): StreamFormat {
  return {
    contentType: EVENTS_TYPE,
    heartbeat: ":\n\n",
    write: (frame) => {
      if (frame.status >= 400) return sseEvent("refusal", encodeJson(errorBody(frame)));
      if (frame.status !== 201) return sseEvent(frame.action, asFrames ? frame.text : frame.data, frame.position);
      // Who resumes is sent what was missed, unless that cannot be told.
      if (frame.data === "null") return ":\n\n";
      return sseEvent(frame.isReset ? "reset" : "snapshot", asFrames ? frame.text : frame.data, frame.position);
    },
    isLast: ({ status }) => status >= 400,
  };
}

/** What a streaming action yields: as server-sent events for who asks for them, else as lines. */
export function itemFormat(accepted: AcceptedTypes): StreamFormat {
  return accepted.prefersEvents ? itemEvents : itemLines;
}

const isEndOfItems = ({ status }: AnswerFrame): boolean => status !== 206;

const itemEvents: StreamFormat = {
  contentType: EVENTS_TYPE,
  heartbeat: ":\n\n",
  write: (frame) => {
    if (frame.status >= 400) return sseEvent("refusal", encodeJson(errorBody(frame)));
    return sseEvent(frame.status === 206 ? "item" : "end", frame.data);
  },
  isLast: isEndOfItems,
};

const itemLines: StreamFormat = {
  contentType: LINES_TYPE,
  // White space between lines is no line: parsers of NDJSON skip empty ones, but not all do.
  heartbeat: "",
  write: (frame) => {
    if (frame.status >= 400) return `{"status":${frame.status},"errors":${encodeJson(errorBody(frame))}}\n`;
    return `{"status":${frame.status},"data":${frame.data}}\n`;
  },
  isLast: isEndOfItems,
};

/** Longer ones do not fit into the header by which they come back: none is sent then, and who comes back begins anew. */
const MAX_ID_LENGTH = 4096;

/** @param data JSON of one line. */
function sseEvent(name: string, data: string, id: string | null = null): string {
  const event = /^[\w.-]{1,128}$/.test(name) ? name : "message";
  const place = id === null ? "" : `id: ${id.length <= MAX_ID_LENGTH ? id : ""}\n`;
  return `event: ${event}\n${place}data: ${/[\r\n]/.test(data) ? data.replaceAll(/[\r\n]+/g, " ") : data}\n\n`;
}
