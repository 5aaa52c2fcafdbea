import { Chaos, type ChaosPlan } from "./chaos.ts";
import { ClientCrew } from "./client-crew.ts";
import type { Engine } from "./domain-tables.ts";
import type { LiveReader } from "./live-reader.ts";
import type { Peer } from "./peer.ts";
import { RandomTasks, STAFF } from "./random-tasks.ts";
import { RawProcess } from "./raw-process.ts";
import { Rights } from "./rights.ts";
import { SeededRandom } from "./seeded-random.ts";
import { TestBed } from "./test-bed.ts";
import { subscriptionsOf, type Viewer } from "./watched-lists.ts";
import { apiWriter, rawWriter, rightsChanger, transactionWriter, type WriteOnce, type WriteTotals } from "./writers.ts";

/** How long and how wild. The run ends when `seconds`, `events` and `clientCuts` are all reached. */
export interface RunOptions {
  readonly engine: Engine;
  readonly seed: number;
  readonly seconds: number;
  /** Events that readers got, all together. */
  readonly events: number;
  /** Connections that our own clients lost, all together. */
  readonly clientCuts: number;
  readonly chaos: ChaosPlan;
  /** About how many tasks there are at a time. */
  readonly tasks: number;
  /** Milliseconds that readers may take to catch up at the end. */
  readonly patience: number;
  readonly onProgress?: (line: string) => void;
}

/** What a run saw. */
export interface RunReport {
  readonly problems: readonly string[];
  readonly totals: Readonly<Record<string, number>>;
}

const VIEWERS: readonly Viewer[] = [
  { user: STAFF, projects: [], isSlow: false },
  { user: 2, projects: [1, 2], isSlow: false },
  { user: 3, projects: [2, 5], isSlow: false },
  { user: 4, projects: null, isSlow: false },
  { user: 5, projects: null, isSlow: false },
  { user: STAFF, projects: [], isSlow: true },
  { user: 2, projects: [1, 2], isSlow: true },
];

/** With these the server joins no changes of one row, so that each of them can be looked for. */
const WIDE_QUEUES = { maxQueuedEventBytes: 256 * 1024 * 1024 };

function hasWideQueues({ seed }: RunOptions): boolean {
  return seed % 2 === 0;
}

/** Changes every field of every row, so that nothing of an earlier write is hidden by being equal to what there is. */
const LAST_WRITE =
  "UPDATE task SET title = 'last', project = 1, assignee = NULL, priority = 5, status = 'open', due = NULL, estimate = NULL, archived = FALSE, version = version + 1";

/** Lets writers write and readers read while things go wrong, then compares what the readers saw with what was written. */
export async function runConsistency(options: RunOptions): Promise<RunReport> {
  const bed = await TestBed.open(options.engine, { limits: hasWideQueues(options) ? WIDE_QUEUES : {} });
  try {
    for (const { user, projects } of VIEWERS.slice(1, 3)) await bed.grant(user, projects ?? []);
    await bed.start();
    const raw = await RawProcess.start(bed.database.address);
    bed.atEnd(() => raw.stop());
    return await new ConsistencyRun(options, bed, raw).whole();
  } finally {
    await bed.close();
  }
}

class ConsistencyRun {
  private readonly options: RunOptions;
  private readonly bed: TestBed;
  private readonly raw: RawProcess;
  private readonly random: SeededRandom;
  private readonly writing: readonly [Peer, Peer, Peer, Peer];
  private readonly slow: LiveReader[] = [];
  private readonly tasks: RandomTasks;
  private readonly rights: Rights;
  private readonly totals: WriteTotals = { create: 0, patch: 0, delete: 0, transaction: 0, raw: 0, rolledBack: 0, refused: 0 };
  private writes = 0;

  constructor(options: RunOptions, bed: TestBed, raw: RawProcess) {
    this.options = options;
    this.bed = bed;
    this.raw = raw;
    this.random = new SeededRandom(options.seed);
    this.writing = [bed.peer("tasks", STAFF), bed.peer("tasks", 2), bed.peer("tasks", 4), bed.peer("admin", STAFF)];
    this.tasks = new RandomTasks(this.random.fork(), options.tasks);
    this.rights = new Rights(bed.staff, [4, 5]);
  }

  async whole(): Promise<RunReport> {
    for (const viewer of this.isAboutCuts ? VIEWERS.slice(1, 3) : VIEWERS) this.startReader(viewer);
    const { random, tasks, rights } = this;
    const crew = await ClientCrew.start(this.bed, {
      random: random.fork(),
      tasks,
      rights,
      mayCoalesce: !hasWideQueues(this.options),
      calmness: this.isAboutCuts ? 0.35 : 0.9,
    });
    const chaos = this.chaos();
    await this.write(chaos, crew);
    await chaos.end();
    crew.end();
    await this.raw.transact([LAST_WRITE]);
    const { problems, ledger } = await this.bed.verify(this.options.patience);
    const { cuts, pauses, kills } = chaos;
    const totals = { ...this.counters(), clientWrites: crew.writes, ledger: ledger.size, cuts, pauses, kills };
    return { problems: [...problems, ...crew.problems(ledger)], totals };
  }

  /** Where our own clients are to be cut often, there are few others. */
  private get isAboutCuts(): boolean {
    return this.options.clientCuts > 0;
  }

  private startReader(viewer: Viewer): void {
    const index = this.bed.readers.length;
    const name = `reader ${index} (user ${viewer.user}${viewer.isSlow ? ", slow" : ""})`;
    const reader = this.bed.reader(name, viewer.user, subscriptionsOf(name, viewer), { joined: index % 2 === 0 });
    if (viewer.isSlow) this.slow.push(reader);
    if (viewer.projects === null) this.rights.watch(viewer.user, reader);
  }

  private chaos(): Chaos {
    const { readers, server } = this.bed;
    return new Chaos(this.options.chaos, this.random.fork(), { server, readers, slow: this.slow, peers: this.writing });
  }

  private async write(chaos: Chaos, crew: ClientCrew): Promise<void> {
    const tools = () => ({ random: this.random.fork(), tasks: this.tasks, totals: this.totals });
    const [first, second, third, admin] = this.writing;
    const writers: WriteOnce[] = [
      ...(this.isAboutCuts ? [first] : [first, second, third]).map((peer) => apiWriter(peer, tools())),
      transactionWriter(admin, tools()),
      rawWriter(this.raw, this.bed.staff, tools()),
      rightsChanger(this.rights, this.random.fork()),
      ...crew.work,
    ];
    const deadline = Date.now() + this.options.seconds * 1000;
    const isOver = (): boolean => Date.now() >= deadline && this.hasSeenEnough;
    const loop = async (writeOnce: WriteOnce): Promise<void> => {
      while (!isOver()) {
        await writeOnce();
        this.afterWrite(chaos);
      }
    };
    const troubleLoop = async (trouble: WriteOnce): Promise<void> => {
      while (!isOver()) await trouble();
    };
    await Promise.all([...writers.map(loop), ...crew.chaos.map(troubleLoop)]);
  }

  private get hasSeenEnough(): boolean {
    const { events, clientCuts } = this.options;
    return this.bed.eventsSeen >= events && this.bed.clientCuts >= clientCuts;
  }

  private afterWrite(chaos: Chaos): void {
    this.writes += 1;
    chaos.afterWrite();
    if (this.writes % 500 === 0) this.options.onProgress?.(JSON.stringify(this.counters()));
  }

  private counters(): Record<string, number> {
    return { ...this.totals, rights: this.rights.changes, ...this.bed.counters() };
  }
}
