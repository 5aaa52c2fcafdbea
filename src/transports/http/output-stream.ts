import { Stall } from "../node-ws/stall.ts";
import type { HttpLimits } from "./http-options.ts";

/** How much may wait for a reader. */
export type OutputLimits = Pick<HttpLimits, "softBufferedBytes" | "maxBufferedBytes">;

const encoder = new TextEncoder();

/** The body of a response that lasts. What is written in one turn of the event loop's microtasks leaves as one chunk. */
export class OutputStream {
  readonly readable: ReadableStream<Uint8Array>;
  private readonly limits: OutputLimits;
  private readonly onEnd: () => void;
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private joined = "";
  private stall: Stall | null = null;
  /** Bytes that waited when it was last looked. */
  private waited = 0;

  /** @param onEnd called once, when the reader has gone or the stream was ended. */
  constructor(limits: OutputLimits, onEnd: () => void) {
    this.limits = limits;
    this.onEnd = onEnd;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.endStall(),
        cancel: () => this.release(),
      },
      { highWaterMark: Math.max(1, limits.softBufferedBytes), size: ({ length }) => length },
    );
  }

  get isStalled(): boolean {
    return this.stall !== null;
  }

  /** Bytes that wait for the reader. */
  get bufferedBytes(): number {
    if (this.controller === null) return 0;
    return this.joined.length + Math.max(1, this.limits.softBufferedBytes) - (this.controller.desiredSize ?? 0);
  }

  whenWritable(): Promise<void> | null {
    this.flush();
    return this.stall?.over ?? null;
  }

  write(text: string): void {
    if (this.controller === null) return;
    if (this.joined === "") queueMicrotask(() => this.flush());
    this.joined += text;
  }

  /** Ends the stream after what was written. */
  end(): void {
    this.flush();
    const { controller } = this;
    if (controller === null) return;
    this.release();
    controller.close();
  }

  /** Cuts the stream off, if its reader has taken nothing since `stalledBefore` (`performance.now()`), though much waits. @returns whether it was. */
  cutOffIfStalled(stalledBefore: number): boolean {
    if (this.stall === null || this.controller === null) return false;
    const waiting = this.bufferedBytes;
    if (waiting < this.waited) this.stall.progress();
    this.waited = waiting;
    if (this.stall.lastProgress > stalledBefore) return false;
    this.abandon();
    return true;
  }

  private flush(): void {
    const { controller, joined } = this;
    this.joined = "";
    if (controller === null || joined === "") return;
    controller.enqueue(encoder.encode(joined));
    if (this.bufferedBytes > this.limits.maxBufferedBytes) return this.abandon();
    if ((controller.desiredSize ?? 0) > 0) return;
    this.stall ??= new Stall();
    this.waited = this.bufferedBytes;
  }

  /** Lets go of what waits too: it would be kept for a reader who does not read. */
  private abandon(): void {
    const { controller } = this;
    this.release();
    controller?.error(new DOMException("The reader is too slow.", "AbortError"));
  }

  private endStall(): void {
    this.stall?.end();
    this.stall = null;
  }

  private release(): void {
    if (this.controller === null) return;
    this.controller = null;
    this.joined = "";
    this.endStall();
    this.onEnd();
  }
}
