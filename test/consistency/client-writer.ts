import type { ClientReader } from "./client-reader.ts";
import type { ClientWrite } from "./client-write.ts";
import type { RandomTasks } from "./random-tasks.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { TaskValues } from "./steps.ts";
import type { Row } from "./subscription-log.ts";
import type { WriteOnce } from "./writers.ts";

export interface ClientWriterOptions {
  readonly random: SeededRandom;
  /** Rows of others, to be changed too. */
  readonly tasks: RandomTasks;
  /** Share of writes that are shown before the server has them. */
  readonly optimistic: number;
}

const FEW = 15;

/** Writes through our own client under titles of its own, and remembers how each write ended. */
export class ClientWriter {
  readonly writes: ClientWrite[] = [];
  readonly problems: string[] = [];
  private readonly reader: ClientReader;
  private readonly options: ClientWriterOptions;
  /** Rows that only this writer deletes, raw SQL aside. */
  private readonly own: number[] = [];
  private titles = 0;

  constructor(reader: ClientReader, options: ClientWriterOptions) {
    this.reader = reader;
    this.options = options;
  }

  get isOptimistic(): boolean {
    return this.options.optimistic > 0;
  }

  /** Was it written to a row that there was, by this writer and nobody else? */
  readonly isOwnTitle = (title: unknown): boolean => typeof title === "string" && title.endsWith(` #patch ${this.reader.name}`);

  readonly writeOnce: WriteOnce = async () => {
    const drawn = this.options.random.next();
    if (drawn < 0.3 || this.own.length === 0) return this.create();
    if (drawn > 0.85 && this.own.length > FEW) return this.delete();
    return this.patch();
  };

  private async create(): Promise<void> {
    const data = this.titled("create", this.options.tasks.values());
    const answer = await this.run({ kind: "create", pk: null, title: data.title }, "create", [data]);
    if (typeof answer?.id === "number") this.own.push(answer.id);
  }

  private async patch(): Promise<void> {
    const { random, tasks } = this.options;
    const pk = random.chance(0.5) ? tasks.one() : random.pick([this.own[0] ?? 1, ...this.own]);
    const data = this.titled("patch", tasks.change());
    const waitForChanges = random.chance(0.3);
    const answer = await this.run({ kind: "patch", pk, title: data.title }, "patch", [pk, data], waitForChanges);
    if (waitForChanges && answer !== null) this.checkSeen(answer);
  }

  private async delete(): Promise<void> {
    const [pk = 1] = this.own.splice(this.options.random.integer(0, this.own.length - 1), 1);
    await this.run({ kind: "delete", pk, title: null }, "delete", [pk]);
  }

  /** @returns the row that was answered. */
  private async run(
    write: Omit<ClientWrite, "end">,
    method: "create" | "patch" | "delete",
    args: readonly unknown[],
    waitForChanges = false,
  ): Promise<Row | null> {
    const options = { optimistic: this.options.random.chance(this.options.optimistic), waitForChanges };
    try {
      const answer = (await this.reader.client[method]?.(...args, options)) as Row | null;
      this.writes.push({ ...write, end: { answer } });
      return answer;
    } catch (error) {
      this.writes.push({ ...write, end: { error } });
      return null;
    }
  }

  /** A write whose changes have come is in the lists as it was answered, or as it was changed later. */
  private checkSeen({ id, version }: Row): void {
    for (const { name, query } of this.reader.watches) {
      const rows = Array.isArray(query.data) ? (query.data as readonly Row[]) : [];
      const seen = rows.find((row) => row.id === id)?.version;
      if (seen !== undefined && seen < version && query.status === "live")
        this.problems.push(`${name}: row ${id} is at version ${seen} after the changes of version ${version} had come`);
    }
  }

  private titled<T extends Partial<TaskValues>>(kind: ClientWrite["kind"], values: T): T & { title: string } {
    this.titles += 1;
    const word = this.options.random.pick(["alpha", "beta", "50%_off"]);
    return { ...values, title: `${word} ${this.titles} #${kind} ${this.reader.name}` };
  }
}
