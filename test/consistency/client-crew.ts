import type { Client } from "../../src/client.ts";
import { ask } from "./ask.ts";
import { checkClientWrites } from "./check-client-writes.ts";
import { ClientChaos } from "./client-chaos.ts";
import type { ClientReader } from "./client-reader.ts";
import { type ClientWatch, watchCount, watchInstance, watchList } from "./client-watch.ts";
import { ClientWriter } from "./client-writer.ts";
import type { Ledger } from "./ledger.ts";
import { type RandomTasks, STAFF } from "./random-tasks.ts";
import type { Rights } from "./rights.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { ShownTitles } from "./shown-titles.ts";
import type { TestBed } from "./test-bed.ts";
import { questions, type Viewer } from "./watched-lists.ts";
import type { WriteOnce } from "./writers.ts";

interface Member extends Omit<Viewer, "isSlow"> {
  readonly name: string;
  /** Names of the questions whose answers are watched. */
  readonly asked: readonly string[];
  /** Share of its writes that are shown before the server has them; null: it does not write. */
  readonly optimistic: number | null;
}

const MEMBERS: readonly Member[] = [
  { name: "client a", user: STAFF, projects: [], asked: ["all", "open", "window", "latest 10"], optimistic: 0 },
  { name: "client b", user: 2, projects: [1, 2], asked: ["all", "urgent", "alpha", "top 7"], optimistic: null },
  { name: "client c", user: 4, projects: null, asked: ["all", "percent", "some projects", "nobody's"], optimistic: null },
  { name: "client d", user: STAFF, projects: [], asked: ["all", "open", "top 7"], optimistic: 0.7 },
  { name: "client e", user: 3, projects: [2, 5], asked: ["all"], optimistic: null },
  { name: "client f", user: 3, projects: [2, 5], asked: ["urgent", "latest 10"], optimistic: null },
  { name: "client g", user: 2, projects: [1, 2], asked: ["window"], optimistic: null },
  { name: "client h", user: 5, projects: null, asked: ["top 7"], optimistic: null },
];

/** How many rows each client of staff watches one by one. */
const INSTANCES = 2;

export interface CrewTools {
  readonly random: SeededRandom;
  readonly tasks: RandomTasks;
  readonly rights: Rights;
  /** May the server join changes where more wait for a connection than it takes? */
  readonly mayCoalesce: boolean;
  /** How likely a connection is left alone until its client has recovered from the last cut. */
  readonly calmness: number;
}

/** Users of our own client who read and write while their connections are killed. */
export class ClientCrew {
  private readonly bed: TestBed;
  private readonly tools: CrewTools;
  private readonly writers: ClientWriter[] = [];
  private readonly troubles: WriteOnce[] = [];
  private readonly titles: ShownTitles[] = [];

  private constructor(bed: TestBed, tools: CrewTools) {
    this.bed = bed;
    this.tools = tools;
  }

  static async start(bed: TestBed, tools: CrewTools): Promise<ClientCrew> {
    const crew = new ClientCrew(bed, tools);
    for (const member of MEMBERS) await crew.join(member);
    return crew;
  }

  /** What is to be done again and again; two writes of each writer are under way at once. */
  get work(): readonly WriteOnce[] {
    return this.writers.flatMap(({ writeOnce }) => [writeOnce, writeOnce]);
  }

  get chaos(): readonly WriteOnce[] {
    return this.troubles;
  }

  get writes(): number {
    return this.writers.reduce((sum, { writes }) => sum + writes.length, 0);
  }

  /** Everybody watches everything again. */
  end(): void {
    for (const reader of this.bed.clientReaders) reader.listenToAll();
  }

  problems(ledger: Ledger): string[] {
    const ofWriters = this.writers.flatMap(({ writes, problems }) => [...checkClientWrites(writes, ledger), ...problems]);
    const refused = new Set(
      this.writers.flatMap(({ writes }) => writes.filter(({ end }) => "error" in end).map(({ title }) => title)),
    );
    return [...ofWriters, ...this.titles.flatMap((titles) => titles.problems(refused))];
  }

  private async join(member: Member): Promise<void> {
    const { random, tasks, rights } = this.tools;
    const reader = await this.bed.clientReader(member.name, member.user);
    if (member.projects === null) rights.watch(member.user, reader);
    const watches = await this.watchesOf(reader, member);
    if (member.optimistic === null) for (const watch of watches) reader.watch(watch);
    else
      this.startWriter(
        reader,
        watches,
        new ClientWriter(reader, { random: random.fork(), tasks, optimistic: member.optimistic }),
      );
    const chaos = new ClientChaos(reader, random.fork(), this.tools.calmness);
    this.troubles.push(() => chaos.trouble());
  }

  private startWriter(reader: ClientReader, watches: readonly ClientWatch[], writer: ClientWriter): void {
    this.writers.push(writer);
    for (const watch of watches) {
      if (writer.isOptimistic) reader.watch(unlogged(watch), this.titlesOf(watch, writer));
      else reader.watch(watch);
    }
  }

  private titlesOf({ name }: ClientWatch, writer: ClientWriter): ShownTitles {
    const titles = new ShownTitles(name, writer.isOwnTitle);
    this.titles.push(titles);
    return titles;
  }

  private async watchesOf(reader: ClientReader, { asked, user, projects }: Member): Promise<ClientWatch[]> {
    const viewer: Viewer = { user, projects, isSlow: this.tools.mayCoalesce };
    const lists = questions
      .filter((question) => asked.includes(question.name))
      .map((question) => watchList(reader, viewer, question));
    const counts = [{}, { filters: { status: "open" } }].map((args) => watchCount(reader, args));
    const pks: number[] = [];
    while (viewer.user === STAFF && pks.length < INSTANCES) pks.push(await this.createRow(reader.client));
    return [...lists, ...counts, ...pks.map((pk) => watchInstance(reader, viewer, pk))];
  }

  private async createRow(client: Client<unknown>): Promise<number> {
    const { tasks } = this.tools;
    const row = await ask(client, "create", { data: tasks.values() });
    const pk = Number(Reflect.get(Object(row), "id"));
    tasks.add(pk);
    return pk;
  }
}

/** What is shown before the server has it cannot be found in the ledger. */
function unlogged(watch: ClientWatch): ClientWatch {
  return { ...watch, log: null, look: () => {} };
}
