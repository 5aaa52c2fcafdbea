import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parsePostgresPosition,
  positionOfSnapshot,
  PostgresPosition,
} from "../../../src/models/adapters/postgres/postgres-position.ts";

const EPOCH = "0123456789abcdef";

/** A position over the transactions 1 to 39, with the set that it stands for. */
const positions = fc
  .record({ end: fc.integer({ min: 1, max: 40 }), unseen: fc.uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 12 }) })
  .map(({ end, unseen }) => {
    const listed = unseen.filter((id) => id < end).toSorted((a, b) => a - b);
    const seen = new Set(Array.from({ length: end - 1 }, (_, index) => index + 1).filter((id) => !listed.includes(id)));
    return { position: new PostgresPosition(EPOCH, end, listed), seen };
  });
const all = Array.from({ length: 45 }, (_, index) => index + 1);
const seenOf = (position: PostgresPosition): number[] => all.filter((id) => position.includes(id));

describe("a position on PostgreSQL", () => {
  test("is the set of transactions that a reader has seen", () => {
    fc.assert(
      fc.property(positions, ({ position, seen }) => {
        expect(new Set(seenOf(position))).toEqual(seen);
      }),
    );
  });

  test("goes to text and back, and equal sets have equal texts", () => {
    fc.assert(
      fc.property(positions, positions, (one, other) => {
        const back = parsePostgresPosition(one.position.toString());
        expect(back && seenOf(back)).toEqual(seenOf(one.position));
        expect(one.position.toString() === other.position.toString()).toBe(
          String(seenOf(one.position)) === String(seenOf(other.position)),
        );
      }),
    );
  });

  test("covers another one exactly when it has seen all that the other has", () => {
    fc.assert(
      fc.property(positions, positions, (one, other) => {
        expect(one.position.covers(other.position)).toBe([...other.seen].every((id) => one.seen.has(id)));
        expect(seenOf(one.position.union(other.position))).toEqual(all.filter((id) => one.seen.has(id) || other.seen.has(id)));
        expect(one.position.firstUnseen).toBe(all.find((id) => !one.seen.has(id)));
      }),
    );
  });

  test("without some transactions has seen the others below the given end", () => {
    fc.assert(
      fc.property(
        positions,
        fc.array(fc.integer({ min: 1, max: 44 })),
        fc.integer({ min: 1, max: 45 }),
        ({ position, seen }, left, end) => {
          expect(seenOf(position.without(left, end))).toEqual(all.filter((id) => seen.has(id) && !left.includes(id) && id < end));
        },
      ),
    );
  });

  test("of another epoch covers nothing", () => {
    const here = new PostgresPosition(EPOCH, 9, []);
    expect(here.covers(new PostgresPosition("fedcba9876543210", 2, []))).toBe(false);
  });

  test.each([
    ["729:729:", null, `${EPOCH}:729`],
    ["10:20:10,15", null, `${EPOCH}:20:5,5`],
    ["10:20:10", "12", `${EPOCH}:20:8,2`],
    ["10:12:10", "12", `${EPOCH}:12:2`],
    ["10:12:10,11", null, `${EPOCH}:10`],
  ])("of the snapshot %s in transaction %s is %s", (snapshot, own, text) => {
    expect(positionOfSnapshot(EPOCH, snapshot, own).toString()).toBe(text);
  });

  test.each([
    [""],
    [EPOCH],
    [`${EPOCH}:`],
    [`${EPOCH}:0`],
    [`${EPOCH}:07`],
    [`${EPOCH}:7:`],
    [`${EPOCH}:7:0`],
    [`${EPOCH}:7:1`],
    [`${EPOCH}:7:7`],
    [`${EPOCH}:7:2,`],
    [`${EPOCH}:7:2:3`],
    [`${EPOCH}:9007199254740993`],
    [`${EPOCH.toUpperCase()}:7`],
    [`${EPOCH}:7\n`],
  ])("is not %s", (text) => expect(parsePostgresPosition(text)).toBeNull());

  test("is not longer than a client may make us read", () => {
    expect(parsePostgresPosition(`${EPOCH}:40000:${"2,".repeat(16_000)}2`)).not.toBeNull();
    expect(parsePostgresPosition(`${EPOCH}:90000:${"2,".repeat(17_000)}2`)).toBeNull();
  });

  test("is never guessed at: a text is one as it is written, or none", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((tail) => `${EPOCH}:${tail}`),
        ),
        (text) => {
          expect(parsePostgresPosition(text)?.toString() ?? text).toBe(text);
        },
      ),
    );
  });
});
