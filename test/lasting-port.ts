import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to whoever asks for any port. */
const FIRST = 15_000;
const COUNT = 15_000;

/** A port of 127.0.0.1 for a server that goes away and comes back: nobody else is given it meanwhile. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
