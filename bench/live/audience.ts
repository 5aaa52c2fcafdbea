import { ClientSocket } from "../client-socket.ts";
import { deferred } from "../deferred.ts";
import { obeyOrders } from "../obey-orders.ts";
import { quantile } from "../quantile.ts";
import { stayAwake } from "../stay-awake.ts";
import { type Address, ListeningSocket } from "./listening-socket.ts";
import { type Writing, writings } from "./writings.ts";

/** Opens sockets that stay open. */
export interface OpenOrder extends Address {
  readonly kind: "open";
  readonly sockets: number;
}

/** Makes every open socket subscribe to this many lists. */
export interface SubscribeOrder {
  readonly kind: "subscribe";
  readonly each: number;
  /** The whole list, the rows of one name that nobody has, or of a name for each subscription. */
  readonly of: "all" | "one" | "others";
}

/** Writes, and waits until every socket has heard of it, again and again. */
export interface PublishOrder {
  readonly kind: "publish";
  readonly writing: string;
  /** Milliseconds; what has begun is finished. */
  readonly duration: number;
}

/** The first event that a new subscriber hears of the next change. */
export interface SampleOrder {
  readonly kind: "sample";
}

export type AudienceOrder = OpenOrder | SubscribeOrder | PublishOrder | SampleOrder;

/** Times in milliseconds, `cpu` of this process in microseconds. A delivery is an event at a socket. */
export interface Publication {
  readonly deliveries: number;
  readonly elapsed: number;
  /** From the moment when the request leaves the writer until the last socket has all of a transaction. */
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}

/** Sockets that connect at the same time, so that no queue of the operating system runs over. */
const GROUP = 100;
/** Milliseconds until events that have not come will not. */
const PATIENCE = 120_000;

let address: Address = { port: 0, path: "", protocol: null };
const sockets: ListeningSocket[] = [];
let hear: (socket: ListeningSocket) => void = () => undefined;
let subscriptions = 0;
let written = 0;

async function open({ port, path, protocol, sockets: count }: OpenOrder): Promise<void> {
  address = { port, path, protocol };
  while (sockets.length < count) {
    const group = Array.from({ length: Math.min(GROUP, count - sockets.length) }, () => new ListeningSocket(address, onFrame));
    await Promise.all(group.map((socket) => socket.whenOpen()));
    sockets.push(...group);
  }
}

function onFrame(socket: ListeningSocket): void {
  hear(socket);
}

async function subscribe({ each, of }: SubscribeOrder): Promise<void> {
  for (let at = 0; at < sockets.length; at += 10) {
    await Promise.all(sockets.slice(at, at + 10).map((socket) => socket.ask(requests(each, of))));
  }
}

function requests(count: number, of: SubscribeOrder["of"]): string[] {
  return Array.from({ length: count }, () => {
    const id = (subscriptions += 1);
    if (of === "all") return `{"action":"subscribe_list","request_id":"list"}`;
    const username = of === "one" ? "nobody" : `nobody ${id}`;
    return `{"action":"subscribe_list","request_id":${id},"filters":{"username":"${username}"}}`;
  });
}

async function publish({ writing: name, duration }: PublishOrder): Promise<Publication> {
  const writing = writings[name];
  if (writing === undefined) throw new Error(`Expected one of ${Object.keys(writings).join(", ")}, got "${name}".`);
  const latencies: number[] = [];
  const writer = await openWriter();
  let isOver = false;
  stayAwake(() => !isOver);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  let changes = 0;
  try {
    do {
      latencies.push(...(await publishOnce(writer, writing)));
      changes += writing.changes;
    } while (performance.now() - startedAt < duration);
  } finally {
    isOver = true;
    writer.close();
  }
  const elapsed = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  latencies.sort((a, b) => a - b);
  return {
    deliveries: changes * sockets.length,
    elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpu: user + system,
  };
}

/** @returns how long each transaction took to reach the last socket. */
async function publishOnce(writer: ClientSocket, writing: Writing): Promise<number[]> {
  const framesPerTransaction = address.protocol === null ? writing.changes / writing.transactions : 1;
  const due = framesPerTransaction * writing.transactions;
  const arrived = new Uint32Array(due);
  const latencies: number[] = [];
  const done = deferred<void>();
  for (const socket of sockets) socket.frames = 0;
  const patience = setTimeout(() => {
    done.reject(new Error(`Expected ${due} frames at each of ${sockets.length} sockets, got ${arrived.join(",")}.`));
  }, PATIENCE);
  hear = ({ frames }) => {
    if (frames > due) return done.reject(new Error(`Expected ${due} frames at a socket, got one more.`));
    const number = frames - 1;
    arrived[number]! += 1;
    if (arrived[number] !== sockets.length) return;
    if (frames % framesPerTransaction === 0) latencies.push(performance.now() - sentAt);
    if (frames === due) done.resolve();
  };
  const sentAt = performance.now();
  for (const request of writing.requests(written)) writer.send(request);
  written += writing.changes;
  try {
    await done.promise;
  } finally {
    clearTimeout(patience);
  }
  return latencies;
}

async function openWriter(): Promise<ClientSocket> {
  const writer = new ClientSocket(address.port, address.path, (bytes, start, end) => {
    const answer = bytes.toString("latin1", start, end);
    if (!answer.includes(`"errors":[]`)) console.error(`A write was refused: ${answer}`);
  });
  await writer.whenOpen();
  return writer;
}

async function sample(): Promise<string> {
  const texts: string[] = [];
  const answered = deferred<void>();
  const heard = deferred<void>();
  const listener = new ClientSocket(
    address.port,
    address.path,
    (bytes, start, end) => {
      texts.push(bytes.toString("utf8", start, end));
      (texts.length === 1 ? answered : heard).resolve();
    },
    address.protocol,
  );
  await listener.whenOpen();
  listener.send(`{"action":"subscribe_list","request_id":"list"}`);
  await answered.promise;
  const writer = await openWriter();
  hear = () => undefined;
  const [request = ""] = writings["single"]!.requests(written++);
  writer.send(request);
  await heard.promise;
  writer.close();
  listener.close();
  return texts[1]!;
}

function obey(order: AudienceOrder): Promise<unknown> {
  switch (order.kind) {
    case "open":
      return open(order);
    case "subscribe":
      return subscribe(order);
    case "publish":
      return publish(order);
    case "sample":
      return sample();
  }
}

obeyOrders(obey);
