import type { Position } from "../models/change-log/position.ts";
import type { Database } from "../models/database.ts";
import type { EventReceiver } from "./event-slot.ts";
import { LiveHub } from "./live-hub.ts";

/** Where the subscriptions of one socket stand, all of them together. */
export class SocketPlace {
  /** Databases that they draw from, and how many do. */
  readonly #sources = new Map<Database, number>();
  /** Those whose snapshot may have seen more than the log has given since. */
  readonly #starts = new Map<EventReceiver, Position>();

  /** What its subscriptions draw from. */
  get databases(): readonly Database[] {
    return [...this.#sources.keys()];
  }

  get isEmpty(): boolean {
    return this.#sources.size === 0;
  }

  /** A subscription draws from this database, until the returned function is called. */
  draw(database: Database): () => void {
    this.#sources.set(database, (this.#sources.get(database) ?? 0) + 1);
    return () => {
      const left = (this.#sources.get(database) ?? 1) - 1;
      if (left === 0) this.#sources.delete(database);
      else this.#sources.set(database, left);
    };
  }

  /** A receiver has seen what `position` has, which the log may give later. */
  startAt(receiver: EventReceiver, position: Position): void {
    this.#starts.set(receiver, position);
  }

  /** A position, if it tells what all receivers have seen that was given everything up to there. */
  textAt(position: Position | null): string | null {
    if (position === null) return null;
    for (const [receiver, start] of this.#starts) if (receiver.hasEnded || position.covers(start)) this.#starts.delete(receiver);
    return this.#starts.size === 0 ? String(position) : null;
  }

  /** The same for what everybody has been given by now. */
  textNow(): string | null {
    const [source] = this.#sources.size === 1 ? [...this.#sources.keys()] : [];
    return source === undefined ? null : this.textAt(LiveHub.of(source).position);
  }
}
