import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrderOfVersions, type RowStep } from "../../../src/models/adapters/postgres/postgres-log-order.ts";

const step = (name: string, from: string | null, to: string | null, key: string | null = null) => ({ name, from, to, key });
const namesOf = (steps: readonly { readonly name: string }[]): string => steps.map(({ name }) => name).join(" ");

describe("the order of a transaction's entries", () => {
  test("stays as logged where nothing contradicts it", () => {
    const steps = [step("a", null, "1"), step("b", "0", "2"), step("c", "1", "3"), step("d", "3", null)];
    expect(namesOf(inOrderOfVersions(steps))).toBe("a b c d");
  });

  test("is that of the versions of each row", () => {
    expect(
      namesOf(inOrderOfVersions([step("c", "2", null), step("b", "1", "2"), step("x", "9", "8"), step("a", "0", "1")])),
    ).toBe("a b c x");
  });

  test("puts the leaving of an old row before the coming of one under its key", () => {
    expect(
      namesOf(inOrderOfVersions([step("new", null, "1", "k"), step("changed", "0", "2", "k"), step("gone", "2", null, "k")])),
    ).toBe("changed gone new");
  });

  test("finds the true order of a row's versions in every order of logging", () => {
    const lives = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (lengths, dice) => {
        const steps: RowStep[] = lengths.flatMap((length, row) =>
          Array.from({ length }, (_, index) => ({ from: `${row}.${index}`, to: `${row}.${index + 1}`, key: null })),
        );
        const shuffled = steps.map((one) => [dice.next().value, one] as const).toSorted(([a], [b]) => Number(a) - Number(b));
        const ordered = inOrderOfVersions(shuffled.map(([, one]) => one));
        expect(ordered).toHaveLength(steps.length);
        for (const [row] of lengths.entries()) {
          const own = ordered.filter(({ from }) => from?.startsWith(`${row}.`));
          expect(own).toEqual(steps.filter(({ from }) => from?.startsWith(`${row}.`)));
        }
      }),
    );
  });
});
