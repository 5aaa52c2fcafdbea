import type { AnswerFrame } from "./answer-frame.ts";
import type { HttpCall } from "./http-call.ts";
import type { FrameSink } from "./http-connection.ts";
import { type OutputLimits, OutputStream } from "./output-stream.ts";
import type { StreamFormat } from "./stream-format.ts";

/** The frames of a call as a response's body that lasts. */
export class HttpStream implements FrameSink {
  readonly call: HttpCall;
  private readonly format: StreamFormat;
  private readonly output: OutputStream;

  /** @param onEnd called once, when the reader has gone or the stream was ended. */
  constructor(call: HttpCall, format: StreamFormat, limits: OutputLimits, onEnd: () => void) {
    this.call = call;
    this.format = format;
    this.output = new OutputStream(limits, onEnd);
  }

  get isStalled(): boolean {
    return this.output.isStalled;
  }

  get bufferedBytes(): number {
    return this.output.bufferedBytes;
  }

  whenWritable(): Promise<void> | null {
    return this.output.whenWritable();
  }

  /** Begins with the first answer. @returns the body. */
  begin(first: AnswerFrame): ReadableStream<Uint8Array> {
    this.take(first);
    this.call.connection.pipeTo(this);
    return this.output.readable;
  }

  take(frame: AnswerFrame): void {
    this.output.write(this.format.write(frame));
    if (this.format.isLast(frame)) this.end();
  }

  end(): void {
    this.output.end();
  }

  /** Shows that it lives, or cuts it off when its reader has taken nothing since `stalledBefore`. */
  beat(stalledBefore: number): void {
    if (this.output.cutOffIfStalled(stalledBefore) || this.output.isStalled || this.format.heartbeat === "") return;
    this.output.write(this.format.heartbeat);
  }
}
