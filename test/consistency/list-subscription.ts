import { isDeepStrictEqual } from "node:util";
import type { LogEntry, Row, SubscriptionLog, Watched } from "./subscription-log.ts";

type Frame = Readonly<Record<string, unknown>>;

/** One `subscribe_list` of a reader: folds what comes, and keeps it all. */
export class ListSubscription implements SubscriptionLog {
  readonly watched: Watched;
  readonly args: Readonly<Record<string, unknown>>;
  readonly entries: LogEntry[] = [];
  /** What could not be folded. */
  readonly problems: string[] = [];
  resets = 0;
  resumes = 0;
  events = 0;
  private rows: Row[] = [];
  private readonly held = new Set<number>();
  /** Events of a transaction whose last one is still to come: that one tells the position. */
  private unfinished: Frame[] = [];
  private position: string | null = null;
  private isAnswered = false;

  /** @param args what `list` is asked with. */
  constructor(watched: Watched, args: Readonly<Record<string, unknown>>) {
    this.watched = watched;
    this.args = args;
  }

  /** What to send, at first and whenever there is a new connection. */
  subscribe(): Frame {
    this.isAnswered = false;
    // What came of it is told again.
    this.unfinished = [];
    const since = this.position === null ? {} : { since: this.position };
    return { action: "subscribe_list", ...this.args, ...since };
  }

  get isLive(): boolean {
    return this.isAnswered;
  }

  /** Takes a frame of this subscription. @returns false when it has to be asked for again. */
  take(frame: Frame): boolean {
    if (frame["action"] === "subscribe_list") return this.takeAnswer(frame);
    this.takeEvent(frame);
    return true;
  }

  /** The socket has had everything up to this moment, so this list has had what concerns it. */
  moveOn(moment: string): void {
    const [, view] = (this.position ?? "").split("~");
    if (this.isAnswered && view !== undefined) this.position = `${moment}~${view}`;
  }

  /** Is the folded state this list? Order counts. */
  isEqualTo(fresh: readonly Row[]): boolean {
    return isDeepStrictEqual(this.rows, fresh);
  }

  /** Where the state is not this list, in words; null: nowhere. */
  differenceFrom(fresh: readonly Row[]): string | null {
    const index = fresh.findIndex((row, at) => !isDeepStrictEqual(row, this.rows[at]));
    if (index === -1 && this.rows.length === fresh.length) return null;
    const at = index === -1 ? fresh.length : index;
    return `${this.watched.name}: ${this.rows.length} rows, expected ${fresh.length}; at ${at} ${JSON.stringify(this.rows[at])}, expected ${JSON.stringify(fresh[at])}`;
  }

  private takeAnswer(frame: Frame): boolean {
    if (frame["response_status"] !== 201) return false;
    const hasAsked = this.position !== null;
    this.isAnswered = true;
    if (hasAsked && frame["reset"] !== true) {
      this.resumes += 1;
      this.entries.push({ kind: "resumed", position: this.moveTo(frame) });
    } else {
      if (hasAsked) this.resets += 1;
      this.replace(frame);
    }
    return true;
  }

  private takeEvent(frame: Frame): void {
    const { position } = frame;
    if (typeof position !== "string") return void this.unfinished.push(frame);
    const earlier = this.unfinished;
    this.unfinished = [];
    for (const event of earlier) this.apply({ ...event, position });
    this.apply(frame);
  }

  private apply(frame: Frame): void {
    const { action, data } = frame;
    if (action === "reset") {
      this.resets += 1;
      return this.replace(frame);
    }
    this.events += 1;
    if (action === "delete") return this.leave(frame, Number((data as { pk: unknown }).pk));
    if (action === "create" || action === "update") return this.put(frame, action, data as Row);
    this.problems.push(`a frame that is no event: ${JSON.stringify(frame)}`);
  }

  private replace(frame: Frame): void {
    const rows = rowsOf(frame["data"]);
    this.entries.push({ kind: "snapshot", position: this.moveTo(frame), rows });
    this.rows = [...rows];
    this.held.clear();
    for (const { id } of rows) this.held.add(id);
  }

  private put(frame: Frame, action: "create" | "update", row: Row): void {
    this.entries.push({ kind: "event", action, position: this.moveTo(frame), row });
    this.takeOut(row.id);
    this.held.add(row.id);
    const { index } = frame;
    if (typeof index === "number" && index <= this.rows.length) this.rows.splice(index, 0, row);
    else this.problems.push(`index ${String(index)} of row ${row.id} with ${this.rows.length} others`);
  }

  private leave(frame: Frame, pk: number): void {
    this.entries.push({ kind: "event", action: "delete", position: this.moveTo(frame), pk });
    this.takeOut(pk);
  }

  private takeOut(pk: number): void {
    if (!this.held.delete(pk)) return;
    this.rows.splice(
      this.rows.findIndex(({ id }) => id === pk),
      1,
    );
  }

  private moveTo({ position }: Frame): string {
    if (typeof position === "string") this.position = position;
    else this.problems.push(`a frame without a position: ${String(position)}`);
    return this.position ?? "";
  }
}

/** The rows of a list, whole or in a page. */
export function rowsOf(data: unknown): readonly Row[] {
  const rows: unknown = Array.isArray(data) ? data : Reflect.get(Object(data), "results");
  return Array.isArray(rows) ? (rows as Row[]) : [];
}
