/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  /** Undefined: the event has no id, and what was the last stays the last. */
  readonly id: string | undefined;
  readonly data: unknown;
}

/** Reads server-sent events as a browser's EventSource does, one at a time, and knows the last id. Source: the HTML standard, section 9.2. */
export class EventReader {
  readonly response: Response;
  /** What an EventSource would send as `Last-Event-ID`. */
  lastEventId = "";
  /** Comments so far. */
  comments = 0;
  /** Bytes so far. */
  bytes = 0;
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder();
  private text = "";

  constructor(response: Response) {
    this.response = response;
    if (response.body === null) throw new TypeError("Expected a body.");
    this.reader = response.body.getReader();
  }

  /** The next event; null when the stream has ended. */
  async next(): Promise<ServerEvent | null> {
    for (;;) {
      const block = this.takeBlock();
      if (block === null) {
        if (!(await this.readMore())) return null;
        continue;
      }
      const event = this.parse(block);
      if (event !== null) return event;
    }
  }

  /** The next `count` events. */
  async take(count: number): Promise<(ServerEvent | null)[]> {
    const events: (ServerEvent | null)[] = [];
    for (let n = 0; n < count; n += 1) events.push(await this.next());
    return events;
  }

  /** Resolves when so many comments have come; events before them are dropped. */
  async untilComments(count: number): Promise<void> {
    while (this.comments < count) {
      const block = this.takeBlock();
      if (block !== null) this.parse(block);
      else if (!(await this.readMore())) return;
    }
  }

  cancel(): Promise<void> {
    return this.reader.cancel();
  }

  private async readMore(): Promise<boolean> {
    const { done, value } = await this.reader.read();
    if (done) return false;
    this.bytes += value.length;
    this.text += this.decoder.decode(value, { stream: true });
    return true;
  }

  private takeBlock(): string | null {
    const end = this.text.indexOf("\n\n");
    if (end === -1) return null;
    const block = this.text.slice(0, end);
    this.text = this.text.slice(end + 2);
    return block;
  }

  private parse(block: string): ServerEvent | null {
    const fields = new Map(
      block.split("\n").map((line) => [line.split(":")[0] ?? "", line.slice(line.indexOf(":") + 1).replace(/^ /, "")]),
    );
    if (fields.has("")) this.comments += 1;
    const id = fields.get("id");
    if (id !== undefined) this.lastEventId = id;
    const data = fields.get("data");
    return data === undefined ? null : { event: fields.get("event") ?? "message", id, data: JSON.parse(data) };
  }
}
