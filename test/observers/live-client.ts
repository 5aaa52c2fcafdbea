import { onTestFinished } from "vitest";
import { type ConsumerClass, Multiplexer } from "../../src/index.ts";
import type { StreamConsumers } from "../../src/routing/multiplexer.ts";
import { type CommunicatorOptions, WebsocketCommunicator } from "../../src/testing.ts";
import { parseJson } from "../../src/protocol/json.ts";
import type { Lab } from "./lab.ts";

/** One frame of a stream, as far as tests look at it. */
export interface Frame {
  readonly stream: string;
  readonly errors: readonly unknown[];
  readonly data: unknown;
  readonly action: string;
  readonly response_status: number;
  readonly request_id: unknown;
  readonly position?: string | null;
  readonly index?: number;
  readonly reset?: boolean;
}

export interface Row {
  readonly id: number;
  readonly [name: string]: unknown;
}

/** What a client needs of its end of a connection. */
export interface Link {
  sendJson(value: unknown): void;
  receiveText(timeoutMs?: number): Promise<string>;
}

const EVENTS = new Set(["create", "update", "delete", "reset"]);
const PATIENCE = 15_000;
/** Longer than any test: one client of many may hear nothing for long. */
const FOR_EVER = 600_000;

/** A client of several streams on one socket that keeps all it gets. `fence` waits until everything that was committed before has come. */
export class LiveClient {
  /** Every frame as it came. */
  readonly texts: string[] = [];
  /** Answers and events one by one. */
  readonly frames: Frame[] = [];
  readonly link: Link;
  readonly #lab: Lab;
  #waiting: (() => void)[] = [];
  #requests = 0;

  constructor(link: Link, lab: Lab) {
    this.link = link;
    this.#lab = lab;
    void this.#receive();
  }

  /** Sends a frame and gives its answer. A `request_id` is made up where the frame has none. */
  async ask(frame: { readonly action: string; readonly [name: string]: unknown }, stream = "tasks"): Promise<Frame> {
    this.#requests += 1;
    const asked = { request_id: `request ${this.#requests}`, ...frame };
    const from = this.frames.length;
    this.link.sendJson({ stream, payload: asked });
    const isAnswer = (found: Frame): boolean =>
      found.stream === stream && found.request_id === asked.request_id && found.action === asked.action;
    return this.next(isAnswer, from);
  }

  /** The rows that a list answers now. */
  async list(args: object = {}, stream = "tasks"): Promise<readonly Row[]> {
    const answer = await this.ask({ ...args, action: "list" }, stream);
    return answer.response_status === 404 ? [] : rowsOf(answer.data);
  }

  /** The first frame from `from` on of which that is so. */
  async next(matches: (frame: Frame) => boolean, from = 0): Promise<Frame> {
    for (let index = from; ; index += 1) {
      while (index >= this.frames.length) await this.#more(matches);
      const frame = this.frames[index];
      if (frame !== undefined && matches(frame)) return frame;
    }
  }

  /** The events of one subscription so far. */
  events(requestId: unknown, stream = "tasks"): readonly Frame[] {
    return this.frames.filter(
      (frame) => frame.stream === stream && frame.request_id === requestId && EVENTS.has(frame.action) && "position" in frame,
    );
  }

  /** The same in short: action and row, or key. */
  told(requestId: unknown, stream = "tasks"): readonly string[] {
    return this.events(requestId, stream).map(({ action, data, index }) => {
      const row =
        Array.isArray(data) || nameOf(data) === ""
          ? rowsOf(data)
              .map(({ id }) => id)
              .join()
          : nameOf(data);
      return `${action} ${row}${index === undefined ? "" : ` @${index}`}`;
    });
  }

  /** Resolves when everything that is committed now has been sent. */
  async fence(): Promise<void> {
    const from = this.frames.length;
    const { id } = await this.#lab.Fence.objects.create({ n: 0 });
    await this.next(({ stream, data }) => stream === "fence" && typeof data === "object" && nameOf(data) === String(id), from);
  }

  /** Resolves when everything that is committed now has been sent, and everything that was to be read again. */
  async settled(): Promise<void> {
    await this.fence();
    const { data } = await this.ask({ action: "settle" });
    if (!(data as { readonly settled?: boolean } | null)?.settled) throw new Error("Expected it to be settled.");
  }

  /** Resets and other events take turns: a fence may come before one. */
  async nextReset(requestId: unknown): Promise<void> {
    await this.next(({ action, request_id }) => action === "reset" && request_id === requestId);
  }

  /** Resolves when something comes. */
  more(): Promise<void> {
    return this.#more(() => true);
  }

  async #receive(): Promise<void> {
    try {
      for (;;) this.#take(await this.link.receiveText(FOR_EVER));
    } catch {
      // It has ended.
    }
  }

  #take(text: string): void {
    this.texts.push(text);
    const found = parseJson(text) as { readonly events?: readonly unknown[] };
    for (const { stream, payload } of (found.events ?? [found]) as { readonly stream: string; readonly payload: object }[]) {
      this.frames.push({ stream, ...payload } as Frame);
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #more(matches: (frame: Frame) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const last = this.texts.slice(-5).join("\n");
      const timer = setTimeout(() => reject(new Error(`Waited for ${String(matches)}; last came:\n${last}`)), PATIENCE);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function nameOf(data: unknown): string {
  const { id, pk, count } = (data ?? {}) as { readonly id?: number; readonly pk?: number; readonly count?: number };
  return String(id ?? pk ?? (rowsOf(data).length > 0 ? "" : count));
}

/** The rows of a list or a page. */
export function rowsOf(data: unknown): readonly Row[] {
  if (Array.isArray(data)) return data as Row[];
  return (data as { readonly results?: readonly Row[] } | null)?.results ?? [];
}

/** A client of these streams, and of fences; its connection ends with the test. */
export async function connectLive(
  lab: Lab,
  streams: StreamConsumers | ConsumerClass = lab.TaskConsumer,
  options: CommunicatorOptions = {},
): Promise<LiveClient & { readonly communicator: WebsocketCommunicator }> {
  const consumers = typeof streams === "function" ? { tasks: streams } : streams;
  const communicator = new WebsocketCommunicator(Multiplexer({ ...consumers, fence: lab.FenceConsumer }), options);
  const result = await communicator.connect();
  if (!result.connected) throw result.error;
  onTestFinished(() => communicator.disconnect());
  const client = Object.assign(new LiveClient(communicator, lab), { communicator });
  await client.ask({ action: "subscribe", request_id: "fence" }, "fence");
  return client;
}
