import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { lastingPort } from "../lasting-port.ts";

/** A way to a server that can be cut. */
export interface TcpProxy {
  /** The address of the server, by way of the proxy. */
  readonly url: string;
  /** Breaks all connections and lets no new ones in. */
  cut(): Promise<void>;
  /** Lets new ones in again. */
  mend(): Promise<void>;
  /** Passes nothing on any more, without a word to anybody. */
  hang(): void;
}

export async function tcpProxy(address: string): Promise<TcpProxy> {
  const target = new URL(address);
  const sockets = new Set<Socket>();
  const port = await lastingPort();
  let server: Server | undefined;

  async function listen(): Promise<void> {
    server = createServer((inner) => {
      const outer = connect({ host: target.hostname, port: Number(target.port || 5432) });
      for (const socket of [inner, outer]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => {
          sockets.delete(socket);
          inner.destroy();
          outer.destroy();
        });
      }
      inner.pipe(outer);
      outer.pipe(inner);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  }

  await listen();
  const url = new URL(address);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  return {
    url: url.href,
    cut: async () => {
      const closed = server === undefined ? undefined : once(server, "close");
      server?.close();
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    mend: listen,
    hang: () => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
  };
}
