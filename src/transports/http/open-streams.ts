import { ServiceUnavailable } from "../../protocol/exceptions.ts";
import type { HttpLimits } from "./http-options.ts";
import type { HttpStream } from "./http-stream.ts";

/** The streams of one API: counted, and kept alive by one timer for all. */
export class OpenStreams {
  private readonly limits: Pick<HttpLimits, "maxStreams" | "heartbeatInterval">;
  private readonly streams = new Set<HttpStream>();
  private timer: NodeJS.Timeout | null = null;

  constructor(limits: Pick<HttpLimits, "maxStreams" | "heartbeatInterval">) {
    this.limits = limits;
  }

  /** @throws ServiceUnavailable (503) when there are as many as there may be. */
  demandRoom(): void {
    if (this.streams.size >= this.limits.maxStreams) throw new ServiceUnavailable("The server has too many open streams.");
  }

  add(stream: HttpStream): void {
    this.streams.add(stream);
    if (this.timer !== null || this.limits.heartbeatInterval === 0) return;
    this.timer = setInterval(() => this.beat(), this.limits.heartbeatInterval).unref();
  }

  delete(stream: HttpStream): void {
    this.streams.delete(stream);
    if (this.streams.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private beat(): void {
    const stalledBefore = performance.now() - this.limits.heartbeatInterval;
    for (const stream of this.streams) stream.beat(stalledBefore);
  }
}
