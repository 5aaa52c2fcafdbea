import type { Position } from "../models/change-log/position.ts";
import type { QueryTap } from "./query-tap.ts";

/** A snapshot from which the tap's query can be followed: another one when the query has seen more by then. */
export async function joinedSnapshot<T>(tap: QueryTap, read: (position: Position) => Promise<T>): Promise<T> {
  const { database } = tap.query.model;
  for (;;) {
    const found = await database.snapshot(async () => {
      const position = await database.changes.position();
      return (await tap.query.begin(position)) ? { value: await read(position) } : null;
    });
    if (found !== null) return found.value;
  }
}
