import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a PostgreSQL server on which new connections can be made to wait. */
export interface WaitingProxy {
  readonly url: string;
  /** How many connections are open and do not wait. */
  readonly connected: number;
  /** How many wait. */
  readonly waiting: number;
  /** Connections that are made from now on wait for the call of what it returns. */
  hold(): () => void;
  close(): void;
}

export async function waitingProxy(address: string): Promise<WaitingProxy> {
  const target = new URL(address);
  const sockets = new Set<Socket>();
  const open = new Set<Socket>();
  const held: Socket[] = [];
  let isHeld = false;

  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const pass = (inner: Socket): void => {
    const outer = connect({ host: target.hostname, port: Number(target.port || 5432) });
    track(outer);
    open.add(inner);
    inner.on("close", () => open.delete(inner));
    inner.pipe(outer);
    outer.pipe(inner);
  };
  const server = createServer((inner) => {
    track(inner);
    if (isHeld) held.push(inner);
    else pass(inner);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(address);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    get connected() {
      return open.size;
    },
    get waiting() {
      return held.length;
    },
    hold() {
      isHeld = true;
      return () => {
        isHeld = false;
        for (const inner of held.splice(0)) pass(inner);
      };
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
