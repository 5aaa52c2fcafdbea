import { Socket } from "node:net";
import type { Direction } from "./direction.ts";
import { Lane, type LaneTraffic } from "./lane.ts";

/** Where a proxied connection leads. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** What a connection tells its proxy. */
export interface ConnectionEvents {
  readonly onText: (direction: Direction, text: string) => void;
  /** Nothing of it is left. */
  readonly onGone: () => void;
}

/** A client's connection to the proxy, and the proxy's to the server. */
export class ProxiedConnection {
  private readonly client: Socket;
  private readonly server = new Socket({ allowHalfOpen: true });
  private readonly lanes: Readonly<Record<Direction, Lane>>;
  private readonly onGone: () => void;
  /** Sides that can hear nothing any more, or will say nothing any more to a dead connection. */
  private readonly gone = new Set<Socket>();
  private isDead = false;

  /** @param target null for a connection that is dead from its start. */
  constructor(
    client: Socket,
    target: ProxyTarget | null,
    traffic: Readonly<Record<Direction, LaneTraffic>>,
    on: ConnectionEvents,
  ) {
    this.client = client;
    this.onGone = on.onGone;
    const events = { onText: on.onText, onCut: () => this.cut() };
    this.lanes = {
      toClient: new Lane(this.server, client, traffic.toClient, events),
      toServer: new Lane(client, this.server, traffic.toServer, events),
    };
    this.listen(client, this.lanes.toServer);
    this.listen(this.server, this.lanes.toClient);
    if (target === null) this.isolate();
    else this.server.connect({ host: target.host, port: target.port });
  }

  /** To be called when the passage of a direction has changed. */
  move(direction: Direction): void {
    this.lanes[direction].move();
  }

  /** Nothing passes any more, and neither side is told. */
  die(): void {
    this.isDead = true;
    this.stop();
    for (const side of [this.client, this.server]) if (side.readableEnded) this.leave(side);
  }

  /** Resets both sides. */
  cut(): void {
    this.stop();
    for (const socket of [this.client, this.server]) reset(socket);
    this.onGone();
  }

  /** Ends both sides in the orderly way. What waits is dropped. */
  end(): void {
    this.isDead = false;
    this.stop();
    if (this.server.pending) this.server.destroy();
    for (const socket of [this.client, this.server]) socket.end();
  }

  private isolate(): void {
    this.die();
    this.server.destroy();
  }

  private stop(): void {
    for (const lane of [this.lanes.toClient, this.lanes.toServer]) lane.stop();
  }

  private listen(source: Socket, lane: Lane): void {
    source.setNoDelay(true);
    source.on("data", (chunk: Buffer) => lane.arrive(chunk));
    source.on("end", () => {
      lane.arriveEnd();
      if (this.isDead) this.leave(source);
    });
    source.on("error", () => lane.arriveReset());
    source.on("close", () => this.leave(source));
  }

  private leave(socket: Socket): void {
    this.gone.add(socket);
    if (this.gone.size < 2) return;
    this.stop();
    for (const side of [this.client, this.server]) side.destroy();
    this.onGone();
  }
}

function reset(socket: Socket): void {
  // A socket whose end is still on its way cannot be reset: Node would neither reset nor close it.
  const isEnding = socket.writableEnded && !socket.writableFinished;
  if (socket.pending || isEnding) socket.destroy();
  else if (!socket.destroyed) socket.resetAndDestroy();
}
