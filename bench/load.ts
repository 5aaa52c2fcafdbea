import { ClientSocket } from "./client-socket.ts";
import { deferred } from "./deferred.ts";
import { obeyOrders } from "./obey-orders.ts";
import { quantile } from "./quantile.ts";
import { answerEnd, type Scenario, scenarioNamed } from "./scenarios.ts";
import { stayAwake } from "./stay-awake.ts";

/** One request in flight on each connection; the next follows the answer. Times in milliseconds. */
export interface RunOrder {
  readonly kind: "run";
  readonly port: number;
  readonly scenario: string;
  readonly connections: number;
  readonly warmUp: number;
  readonly duration: number;
  /** The first request's number. Numbers are never used twice on one server. */
  readonly first: number;
}

/** Opens connections that send one request each and then nothing. */
export interface IdleOrder {
  readonly kind: "idle";
  readonly port: number;
  readonly connections: number;
}

export interface CloseIdleOrder {
  readonly kind: "closeIdle";
}

/** Asks for the answers to the requests of these numbers, one after another. */
export interface AnswersOrder {
  readonly kind: "answers";
  readonly port: number;
  readonly scenario: string;
  readonly numbers: readonly number[];
}

export type LoadOrder = RunOrder | IdleOrder | CloseIdleOrder | AnswersOrder;

/** Latencies in milliseconds; `cpu` is the generator's own, in microseconds. */
export interface RunResult {
  readonly count: number;
  readonly elapsed: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  /** The number after the last that was used. */
  readonly next: number;
}

async function run({ port, scenario: name, connections, warmUp, duration, first }: RunOrder): Promise<RunResult> {
  const scenario = scenarioNamed(name);
  const latencies: number[] = [];
  let n = first;
  let measureFrom = Infinity;
  let isOver = false;
  const failed = deferred<never>();

  const open = (): ClientSocket => {
    let number = 0;
    let sentAt = 0;
    let end = "";
    const next = (): void => {
      number = n++;
      end = answerEnd(scenario, number);
      sentAt = performance.now();
      socket.send(scenario.request(number));
    };
    const socket = new ClientSocket(port, scenario.path, (bytes, start, stop) => {
      const now = performance.now();
      if (bytes.toString("latin1", Math.max(start, stop - end.length), stop) !== end) {
        return failed.reject(new Error(`Request ${scenario.request(number)} got ${bytes.toString("utf8", start, stop)}`));
      }
      if (sentAt >= measureFrom) latencies.push(now - sentAt);
      if (!isOver) next();
    });
    void socket.whenOpen().then(next);
    return socket;
  };

  stayAwake(() => !isOver);
  const sockets = Array.from({ length: connections }, open);
  await Promise.race([Promise.all(sockets.map((socket) => socket.whenOpen())), failed.promise]);
  await Promise.race([wait(warmUp), failed.promise]);
  const cpuBefore = process.cpuUsage();
  measureFrom = performance.now();
  await Promise.race([wait(duration), failed.promise]);
  const elapsed = performance.now() - measureFrom;
  isOver = true;
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const socket of sockets) socket.close();
  latencies.sort((a, b) => a - b);
  return {
    count: latencies.length,
    elapsed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpu: user + system,
    next: n,
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function answers({ port, scenario: name, numbers }: AnswersOrder): Promise<string[]> {
  const scenario = scenarioNamed(name);
  const found: string[] = [];
  for (const n of numbers) found.push(await oneAnswer(port, scenario, n));
  return found;
}

async function oneAnswer(port: number, scenario: Scenario, n: number): Promise<string> {
  const { promise, resolve } = deferred<string>();
  const socket = new ClientSocket(port, scenario.path, (bytes, start, end) => resolve(bytes.toString("utf8", start, end)));
  await socket.whenOpen();
  socket.send(scenario.request(n));
  const answer = await promise;
  socket.close();
  return answer;
}

let idle: ClientSocket[] = [];

/** In groups, so that no queue of the operating system runs over. */
async function openIdle({ port, connections }: IdleOrder): Promise<void> {
  const scenario = scenarioNamed("retrieve");
  while (idle.length < connections) {
    const group = Array.from({ length: Math.min(100, connections - idle.length) }, () => openIdleSocket(port, scenario));
    idle = [...idle, ...(await Promise.all(group))];
  }
}

async function openIdleSocket(port: number, scenario: Scenario): Promise<ClientSocket> {
  const { promise, resolve } = deferred<void>();
  const socket = new ClientSocket(port, scenario.path, () => resolve());
  await socket.whenOpen();
  socket.send(scenario.request(1));
  await promise;
  return socket;
}

function closeIdle(): void {
  for (const socket of idle) socket.close();
  idle = [];
}

async function obey(order: LoadOrder): Promise<unknown> {
  switch (order.kind) {
    case "run":
      return run(order);
    case "answers":
      return answers(order);
    case "idle":
      return openIdle(order);
    case "closeIdle":
      return closeIdle();
  }
}

obeyOrders(obey);
