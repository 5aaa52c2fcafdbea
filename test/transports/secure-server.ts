import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect as connectTls } from "node:tls";
import { rePath } from "../../src/routing/re-path.ts";
import { attach } from "../../src/transports/node-ws/attach.ts";
import { handshakeBytes, readUntil } from "./raw-peer.ts";
import { EchoSession } from "./sessions.ts";
import { onCleanup } from "./test-server.ts";

/** A shared key in place of a certificate. */
const KEY = Buffer.from("a key that both ends of a test know");
const CIPHERS = { ciphers: "PSK", maxVersion: "TLSv1.2" } as const;

/** An HTTPS server on a free port of 127.0.0.1 that echoes at /ws/ and is closed after the test. */
export async function startSecureServer(): Promise<{ readonly port: number }> {
  const server = createServer({ ...CIPHERS, pskCallback: () => KEY });
  const attached = attach(server, { routes: [rePath(/^ws\/$/, EchoSession)], drainTimeout: 200 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onCleanup(() => new Promise((resolve) => server.close(() => resolve())));
  onCleanup(() => attached.close());
  return { port: (server.address() as AddressInfo).port };
}

/** The status of a handshake over TLS from a page of `origin`, with example.com as the host. */
export async function secureStatus(port: number, origin: string): Promise<number> {
  const socket = connectTls({
    ...CIPHERS,
    port,
    host: "127.0.0.1",
    pskCallback: () => ({ psk: KEY, identity: "test" }),
    checkServerIdentity: () => undefined,
  });
  onCleanup(async () => void socket.destroy());
  socket.on("error", () => {});
  socket.write(handshakeBytes(port, { Host: "example.com", Origin: origin }));
  return Number((await readUntil(socket, "\r\n\r\n")).split(" ")[1]);
}
