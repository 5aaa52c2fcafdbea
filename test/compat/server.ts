import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { attach, type Routes } from "../../src/index.ts";
import { listen } from "../../src/transports/node-ws/listen.ts";
import { lastingPort } from "../lasting-port.ts";

const PAGE = "<!doctype html><title>A page of the same origin</title>";

/** Serves routes and one empty page on a free port, the same again after each `restart`. */
export class CompatServer {
  readonly #routes: Routes;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #stop: () => Promise<void> = async () => {};

  private constructor(routes: Routes, port: number) {
    this.#routes = routes;
    this.#port = port;
  }

  static async start(routes: Routes): Promise<CompatServer> {
    const server = new CompatServer(routes, await lastingPort());
    await server.#start();
    return server;
  }

  /** `127.0.0.1:<port>` */
  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Breaks all connections, as a network does: without a close frame. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends all connections with 1001 and serves again. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    await this.close();
    await meanwhile();
    await this.#start();
  }

  close(): Promise<void> {
    return this.#stop();
  }

  async #start(): Promise<void> {
    const http = createServer((_request, response) => response.setHeader("Content-Type", "text/html").end(PAGE));
    http.on("connection", (socket) => this.#track(socket));
    await listen(http, this.#port, "127.0.0.1");
    const attached = attach(http, { routes: this.#routes });
    this.#stop = async () => {
      await attached.close();
      await closeHttp(http);
    };
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

function closeHttp(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
