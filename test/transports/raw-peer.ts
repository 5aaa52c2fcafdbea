import { connect as connectTcp, type Socket } from "node:net";
import { once } from "node:events";
import { onCleanup } from "./test-server.ts";

/** A handshake as bytes, for what a proper WebSocket client would not do. `overrides` replace or, with null, remove header lines. */
export function handshakeBytes(port: number, overrides: Readonly<Record<string, string | null>> = {}, path = "/ws/"): string {
  const headers: Record<string, string | null> = {
    Host: `127.0.0.1:${port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    ...overrides,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A client's frame with a mask of zeros, so the payload is readable in the test. */
export function clientFrame(opcode: number, payload: Uint8Array | string): Buffer {
  const body = Buffer.from(payload);
  const head =
    body.length < 126 ? [0x80 | opcode, 0x80 | body.length] : [0x80 | opcode, 0xfe, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

export const TEXT = 0x1;
export const BINARY = 0x2;

/** A TCP connection that reads nothing until it is told to; destroyed after the test. */
export async function connectRaw(port: number): Promise<Socket> {
  const socket = connectTcp(port, "127.0.0.1");
  socket.on("error", () => {});
  onCleanup(async () => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Collects what comes until it contains `end`. */
export async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += Buffer.from(chunk).toString("latin1");
    if (text.includes(end)) return text;
  }
  return text;
}

/** Sends a request and gives the status of the response. */
export async function statusOf(port: number, request: string): Promise<number> {
  const socket = await connectRaw(port);
  socket.write(request);
  return Number((await readUntil(socket, "\r\n\r\n")).split(" ")[1]);
}
