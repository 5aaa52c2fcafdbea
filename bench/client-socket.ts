import { connect, type Socket } from "node:net";

const HANDSHAKE = [
  "Host: 127.0.0.1",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
];

/**
 * The client's side of a WebSocket, as lean as can be, so that the server is what limits a run. Requests are ASCII of at most 65,535 bytes; they are
 * masked with zeros, which costs the server what any mask costs it.
 */
export class ClientSocket {
  private readonly socket: Socket;
  private readonly onAnswer: (bytes: Buffer, start: number, end: number) => void;
  private rest: Buffer | null = null;
  private isUpgraded = false;
  private readonly opened: Promise<void>;

  constructor(
    port: number,
    path: string,
    onAnswer: (bytes: Buffer, start: number, end: number) => void,
    protocol: string | null = null,
  ) {
    this.onAnswer = onAnswer;
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.write(handshake(path, protocol));
    this.opened = new Promise((resolve, reject) => {
      this.socket.on("error", reject);
      this.socket.on("close", () => reject(new Error("The server closed the socket.")));
      this.socket.on("data", (chunk: Buffer) => (this.isUpgraded ? this.read(chunk) : this.upgrade(chunk, resolve, reject)));
    });
    // A socket that is cut off after it was opened shows in answers that stay away.
    this.opened.catch(() => undefined);
  }

  whenOpen(): Promise<void> {
    return this.opened;
  }

  send(text: string): void {
    this.socket.write(maskedFrame(text));
  }

  close(): void {
    this.socket.destroy();
  }

  private upgrade(chunk: Buffer, resolve: () => void, reject: (error: Error) => void): void {
    const head = chunk.toString("latin1");
    if (!head.startsWith("HTTP/1.1 101") || !head.endsWith("\r\n\r\n"))
      return reject(new Error(`Expected an upgrade, got: ${head}`));
    this.isUpgraded = true;
    resolve();
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const end = this.readFrame(bytes, at);
      if (end === 0) break;
      at = end;
    }
    this.rest = at < bytes.length ? bytes.subarray(at) : null;
  }

  /** Gives the end of the frame that begins at `at`, or 0 when it is not complete. */
  private readFrame(bytes: Buffer, at: number): number {
    const available = bytes.length - at;
    if (available < 2) return 0;
    let length = bytes[at + 1]! & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (available < 4) return 0;
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (available < 10) return 0;
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    const end = start + length;
    if (end > bytes.length) return 0;
    if ((bytes[at]! & 0x0f) === 1) this.onAnswer(bytes, start, end);
    return end;
  }
}

/** A client's first words. */
export function handshake(path: string, protocol: string | null): string {
  const lines = protocol === null ? HANDSHAKE : [...HANDSHAKE, `Sec-WebSocket-Protocol: ${protocol}`];
  return `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A text frame of a client. Its text is ASCII of at most 65,535 bytes. */
export function maskedFrame(text: string): Buffer {
  const { length } = text;
  const head = length < 126 ? 6 : 8;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.writeUInt32BE(0, head - 4);
  frame.write(text, head, "latin1");
  return frame;
}
