import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** The last message of PostgreSQL's greeting, "ready for query". */
const READY = Buffer.from("5a0000000549", "hex");

/** A way to a PostgreSQL server on which new connections can be ended in the very moment in which they are made. */
export interface EndingProxy {
  readonly url: string;
  /** How many connections are still to be ended so. */
  remaining: number;
  close(): void;
}

/** @param terminate ends the server's side of all connections. The greeting and the farewell then arrive as one piece. */
export async function endingProxy(address: string, terminate: () => Promise<unknown>): Promise<EndingProxy> {
  const target = new URL(address);
  const sockets = new Set<Socket>();

  function hold(inner: Socket, outer: Socket): void {
    const held: Buffer[] = [];
    outer.on("data", (chunk: Buffer) => {
      if (held.length === 0 && !(proxy.remaining > 0 && chunk.subarray(-READY.length).equals(READY)))
        return void inner.write(chunk);
      if (held.length === 0) {
        proxy.remaining -= 1;
        void terminate();
      }
      held.push(chunk);
    });
    outer.on("end", () => inner.end(Buffer.concat(held)));
  }

  const server = createServer((inner) => {
    const outer = connect({ host: target.hostname, port: Number(target.port || 5432) });
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    inner.pipe(outer);
    hold(inner, outer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(address);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const proxy: EndingProxy = {
    url: url.href,
    remaining: 0,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return proxy;
}
