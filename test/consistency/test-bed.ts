import { checkLog } from "./check-log.ts";
import { ClientReader } from "./client-reader.ts";
import { createDatabase, type DatabaseAccess } from "./database-access.ts";
import type { Engine } from "./domain-tables.ts";
import type { Ledger } from "./ledger.ts";
import { LiveReader, type Subscription } from "./live-reader.ts";
import { Peer } from "./peer.ts";
import { PROJECTS, STAFF } from "./random-tasks.ts";
import { ServerProcess } from "./server-process.ts";
import { settle } from "./settle.ts";

/** What was found when everything had come to rest. */
export interface Verdict {
  readonly problems: readonly string[];
  /** The writes that were committed. */
  readonly ledger: Ledger;
}

export interface TestBedOptions {
  /** Limits of the server. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Is a line that the server logs a problem? Default: always. */
  readonly isProblem?: (line: string) => boolean;
}

/** A database, a server process on it, and clients. Closed as a whole. */
export class TestBed {
  readonly database: DatabaseAccess;
  readonly server: ServerProcess;
  /** Staff, for what is no ordinary write. */
  readonly staff: Peer;
  readonly readers: LiveReader[] = [];
  /** Users of our own client. */
  readonly clientReaders: ClientReader[] = [];
  readonly serverLog: string[] = [];
  private readonly peers: Peer[] = [];
  private readonly cleanups: (() => Promise<void>)[] = [];
  private readonly isProblem: (line: string) => boolean;

  private constructor(database: DatabaseAccess, { limits = {}, isProblem = () => true }: TestBedOptions) {
    this.database = database;
    this.isProblem = isProblem;
    this.server = new ServerProcess(database.address, { limits, onLog: (line) => this.note(line) });
    this.staff = this.peerOf("admin", STAFF);
  }

  /** Makes the database, with a few projects. */
  static async open(engine: Engine, options: TestBedOptions = {}): Promise<TestBed> {
    const bed = new TestBed(await createDatabase(engine), options);
    for (const project of PROJECTS)
      await bed.database.run(`INSERT INTO project (title, owner) VALUES ('project ${project}', ${STAFF})`);
    return bed;
  }

  async start(): Promise<void> {
    await this.server.start();
    this.staff.start();
    await this.staff.whenOpen();
  }

  /** A client of `tasks` or `admin`, started. */
  peer(path: "tasks" | "admin", user: number): Peer {
    const peer = this.peerOf(path, user);
    peer.start();
    return peer;
  }

  /** A reader, started. */
  reader(name: string, user: number, subscriptions: readonly Subscription[], { joined = false } = {}): LiveReader {
    const reader = new LiveReader(name, { url: () => `${this.server.url}/tasks/?user=${user}`, joined }, subscriptions);
    this.readers.push(reader);
    reader.start();
    return reader;
  }

  /** A user of our own client behind a network of its own, who watches nothing yet. */
  async clientReader(name: string, user: number): Promise<ClientReader> {
    const reader = await ClientReader.start(name, this.server.url, user);
    this.clientReaders.push(reader);
    this.atEnd(() => reader.close());
    return reader;
  }

  async grant(person: number, projects: readonly number[]): Promise<void> {
    for (const project of projects)
      await this.database.run(`INSERT INTO project_grant (person, project) VALUES (${person}, ${project})`);
  }

  /** Runs at the end, last said first. */
  atEnd(cleanup: () => Promise<void>): void {
    this.cleanups.push(cleanup);
  }

  get eventsSeen(): number {
    return this.readers.flatMap(({ subscriptions }) => subscriptions).reduce((sum, { events }) => sum + events, 0);
  }

  /** Connections that our own clients lost. */
  get clientCuts(): number {
    return this.clientReaders.reduce((sum, { losses }) => sum + losses, 0);
  }

  counters(): Record<string, number> {
    const lists = this.readers.flatMap((reader) => reader.lists);
    return {
      events: this.eventsSeen,
      resumes: lists.reduce((sum, { resumes }) => sum + resumes, 0),
      resets: lists.reduce((sum, { resets }) => sum + resets, 0),
      clientCuts: this.clientCuts,
      clientSnapshots: this.clientReaders.reduce((sum, { snapshots }) => sum + snapshots, 0),
      connectionsLost: this.readers.reduce((sum, { cuts }) => sum + cuts, 0),
    };
  }

  /** Waits until the readers have everything, and says what is wrong with them and with all that they ever got. Nobody may write meanwhile. */
  async verify(patienceMs = 20_000, readers: readonly LiveReader[] = this.readers): Promise<Verdict> {
    const deadline = Date.now() + patienceMs;
    const { fresh, differences } = await settle(readers, this.staff, patienceMs);
    const unsettled = await Promise.all(this.clientReaders.map((reader) => reader.settle(deadline)));
    const ledger = await this.database.ledger();
    const lists = readers.flatMap((reader) => reader.lists);
    const logs = this.clientReaders.flatMap((reader) => reader.logs);
    const findings = [
      ...lists.flatMap((list) => checkLog(list, ledger, fresh.get(list) ?? null)),
      ...logs.flatMap((log) => checkLog(log, ledger, null)),
    ];
    const problems = [
      ...this.serverLog.filter(this.isProblem).map((line) => `the server logged: ${line.slice(0, 1000)}`),
      ...differences,
      ...unsettled.flat(),
      ...logs.flatMap((log) => log.problems.map((problem) => `${log.watched.name}: ${problem}`)),
      ...readers.flatMap((reader) => reader.problems.map((problem) => `${reader.name}: ${problem}`)),
      ...lists.flatMap((list) => list.problems.map((problem) => `${list.watched.name}: ${problem}`)),
      ...findings.map(({ kind, subscription, line, message }) => `${kind}: ${subscription}, line ${line ?? "-"}: ${message}`),
    ];
    return { problems, ledger };
  }

  async close(): Promise<void> {
    for (const peer of [this.staff, ...this.peers, ...this.readers]) peer.close();
    for (const cleanup of this.cleanups.toReversed()) await cleanup();
    await this.server.kill();
    await this.database.dispose();
  }

  private peerOf(path: string, user: number): Peer {
    const peer = new Peer({ url: () => `${this.server.url}/${path}/?user=${user}` });
    this.peers.push(peer);
    return peer;
  }

  private note(line: string): void {
    if (this.serverLog.length < 1000) this.serverLog.push(line);
  }
}
