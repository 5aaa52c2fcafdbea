import type { SeededRandom } from "./seeded-random.ts";
import type { Step, TaskValues } from "./steps.ts";

export const STAFF = 1;
export const PEOPLE = [1, 2, 3, 4, 5] as const;
export const PROJECTS = [1, 2, 3, 4, 5, 6] as const;
const WORDS = ["alpha", "beta", "gamma", "delta", "50%_off", "o'brien"] as const;
const STATUSES = ["open", "doing", "done"] as const;

/** Draws tasks and changes to them. */
export class RandomTasks {
  /** Primary keys that there probably are. */
  readonly pks: number[] = [];
  private readonly random: SeededRandom;
  private readonly wanted: number;

  /** @param wanted about how many tasks there should be. */
  constructor(random: SeededRandom, wanted: number) {
    this.random = random;
    this.wanted = wanted;
  }

  get areFew(): boolean {
    return this.pks.length < this.wanted;
  }

  values(): TaskValues {
    const { random } = this;
    return {
      title: `${random.pick(WORDS)} ${random.integer(1, 999)}`,
      project: random.pick(PROJECTS),
      assignee: random.chance(0.3) ? null : random.pick(PEOPLE),
      priority: random.integer(0, 5),
      status: random.pick(STATUSES),
      due: random.chance(0.5) ? null : `2026-0${random.integer(1, 9)}-1${random.integer(0, 9)}`,
      estimate: random.chance(0.5) ? null : `${random.integer(0, 99)}.${random.integer(10, 99)}`,
      archived: random.chance(0.2),
    };
  }

  /** One to three fields with new values. */
  change(): Partial<TaskValues> {
    const entries = Object.entries(this.values());
    const count = this.random.integer(1, 3);
    const from = this.random.integer(0, entries.length - 1);
    return Object.fromEntries([...entries, ...entries].slice(from, from + count));
  }

  add(pk: unknown): void {
    if (typeof pk === "number") this.pks.push(pk);
  }

  some(most: number): number[] {
    const count = this.random.integer(1, most);
    return Array.from({ length: count }, () => this.one());
  }

  /** A task that probably exists. */
  one(): number {
    return this.pks[this.random.integer(0, this.pks.length - 1)] ?? 1;
  }

  /** A task to delete. */
  take(): number {
    const index = this.random.integer(0, this.pks.length - 1);
    const [pk = 1] = this.pks.splice(index, 1);
    return pk;
  }

  /** The steps of a transaction with several rows, and sometimes savepoints, some of which are undone. */
  steps(depth = 0): Step[] {
    return Array.from({ length: this.random.integer(1, 4) }, () => this.step(depth));
  }

  private step(depth: number): Step {
    const { random } = this;
    const drawn = random.next();
    if (drawn < 0.25) return { op: "create", rows: Array.from({ length: random.integer(1, 4) }, () => this.values()) };
    if (drawn < 0.65) return { op: "update", pks: this.some(5), values: this.change() };
    if (drawn < 0.75) return { op: "delete", pks: this.areFew ? [] : [this.take()] };
    if (depth > 2) return { op: "update", pks: [this.one()], values: { archived: random.chance(0.5) } };
    const steps = this.steps(depth + 1);
    return { op: "savepoint", steps: random.chance(0.5) ? [...steps, { op: "fail" }] : steps };
  }

  /** Statements of raw SQL that both databases understand. */
  statements(): string[] {
    return Array.from({ length: this.random.integer(1, 3) }, () => this.statement());
  }

  private statement(): string {
    const { random } = this;
    const drawn = random.next();
    if (drawn < 0.3) return insert(this.values());
    if (drawn < 0.5) return `${update(this.change())} WHERE id = ${this.one()}`;
    if (drawn < 0.7) return `${update(this.change())} WHERE id % 17 = ${random.integer(0, 16)}`;
    if (drawn < 0.85)
      return `UPDATE task SET assignee = ${random.pick(PEOPLE)}, version = version + 1 WHERE project = ${random.pick(PROJECTS)} AND id % 5 = ${random.integer(0, 4)}`;
    if (drawn < 0.9 && !this.areFew)
      return `DELETE FROM task WHERE id % 23 = ${random.integer(0, 22)} AND priority = ${random.integer(0, 5)}`;
    const undone = random.chance(0.5) ? "ROLLBACK TO SAVEPOINT s" : "";
    return [`SAVEPOINT s`, `${update(this.change())} WHERE id % 13 = ${random.integer(0, 12)}`, undone, "RELEASE SAVEPOINT s"]
      .filter((sql) => sql !== "")
      .join(";\n");
  }
}

function insert(values: TaskValues): string {
  return `INSERT INTO task (${Object.keys(values).join(", ")}) VALUES (${Object.values(values).map(literal).join(", ")})`;
}

function update(values: Partial<TaskValues>): string {
  const changes = Object.entries(values).map(([name, value]) => `${name} = ${literal(value)}`);
  return `UPDATE task SET ${[...changes, "version = version + 1"].join(", ")}`;
}

function literal(value: string | number | boolean | null): string {
  if (typeof value === "string") return /^\d+\.\d+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
  return String(value).toUpperCase();
}
