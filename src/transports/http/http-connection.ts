import type { Connection } from "../../consumers/connection.ts";
import type { ConsumerSettings } from "../../consumers/settings.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import type { APIException } from "../../protocol/exceptions.ts";
import { type AnswerFrame, readAnswer } from "./answer-frame.ts";
import type { HttpScope } from "./http-scope.ts";

/** Where the frames of a stream go. */
export interface FrameSink {
  /** Has the reader left so much that no more is welcome? */
  readonly isStalled: boolean;
  /** Bytes that wait for the reader. */
  readonly bufferedBytes: number;
  /** Resolves when more is welcome; null when it is now. */
  whenWritable(): Promise<void> | null;
  take(frame: AnswerFrame): void;
  /** Nothing follows any more. */
  end(): void;
}

/**
 * The connection of one HTTP request: the first frame that answers the request is its answer, the others go to a sink, if there is one. Frames that
 * answer nothing (a greeting, a message to a group) have no place in HTTP and are dropped, and so are binary ones.
 */
export class HttpConnection implements Connection {
  readonly scope: HttpScope;
  readonly settings: ConsumerSettings;
  /** What the last error answer tells of. */
  refusal: APIException | null = null;
  private sink: FrameSink | null = null;
  private early: AnswerFrame[] | null = null;
  private code: number | null = null;
  private onArrival: () => void = () => {};

  constructor(scope: HttpScope, settings: ConsumerSettings) {
    this.scope = scope;
    this.settings = settings;
  }

  /** The code that the consumer, or this side, closed with; null while it is open. */
  get closeCode(): number | null {
    return this.code;
  }

  get isStalled(): boolean {
    return this.sink?.isStalled ?? false;
  }

  get bufferedBytes(): number {
    return this.sink?.bufferedBytes ?? 0;
  }

  whenWritable(): Promise<void> | null {
    return this.sink?.whenWritable() ?? null;
  }

  send(text: string): void {
    if (this.code !== null || (this.sink === null && this.early === null)) return;
    const frame = readAnswer(text);
    if (frame === null) return;
    if (this.sink !== null) return this.sink.take(frame);
    this.early?.push(frame);
    this.onArrival();
  }

  sendBytes(): void {}

  refused(error: APIException): void {
    this.refusal = error;
  }

  close(code: number = CloseCode.normal): void {
    if (this.code !== null) return;
    this.code = code;
    this.sink?.end();
    this.onArrival();
  }

  /** Begins to keep what is sent. */
  listen(): void {
    this.early = [];
  }

  /** The first answer, or null when there will be none. `isOver` resolves when the consumer has nothing more to do. */
  async firstAnswer(isOver: Promise<void>): Promise<AnswerFrame | null> {
    const arrival = new Promise<void>((resolve) => {
      this.onArrival = resolve;
      if (this.code !== null || (this.early ?? []).length > 0) resolve();
    });
    await Promise.race([arrival, isOver]);
    return this.early?.shift() ?? null;
  }

  /** Hands everything that follows the first answer to a sink. */
  pipeTo(sink: FrameSink): void {
    const early = this.early ?? [];
    this.early = null;
    this.sink = sink;
    for (const frame of early) sink.take(frame);
    if (this.code !== null) sink.end();
  }

  /** The answer was read: what else is sent is dropped. */
  finish(): void {
    this.early = null;
  }
}
