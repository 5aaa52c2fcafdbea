import type { Duplex } from "node:stream";
import type { FrameBytes } from "./websocket-frame.ts";

/**
 * The frames of one connection that wait for the end of the present tick, to leave in one write. Whole frames only, so what `ws` itself writes
 * (pongs, the close frame) never falls inside one.
 */
export class Outbox {
  private joined = "";
  private chunks: FrameBytes[] | null = null;
  private chunkBytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.chunkBytes + this.joined.length;
  }

  push(frame: FrameBytes): void {
    if (typeof frame === "string") {
      this.joined += frame;
      return;
    }
    this.chunks ??= [];
    this.moveJoined(this.chunks);
    this.chunks.push(frame);
    this.chunkBytes += frame.length;
  }

  /** Writes everything to the stream; `onWritten` is called when the stream has passed on the last of it. */
  flush(stream: Duplex, onWritten?: () => void): void {
    const { chunks } = this;
    if (chunks !== null) return this.flushChunks(stream, chunks, onWritten);
    const text = this.joined;
    this.joined = "";
    if (text !== "") stream.write(text, "latin1", onWritten);
  }

  private flushChunks(stream: Duplex, chunks: FrameBytes[], onWritten: (() => void) | undefined): void {
    this.moveJoined(chunks);
    this.clear();
    const last = chunks.length - 1;
    stream.cork();
    for (const [index, chunk] of chunks.entries()) stream.write(chunk, "latin1", index === last ? onWritten : undefined);
    stream.uncork();
  }

  clear(): void {
    this.joined = "";
    this.chunks = null;
    this.chunkBytes = 0;
  }

  private moveJoined(chunks: FrameBytes[]): void {
    if (this.joined === "") return;
    chunks.push(this.joined);
    this.chunkBytes += this.joined.length;
    this.joined = "";
  }
}
