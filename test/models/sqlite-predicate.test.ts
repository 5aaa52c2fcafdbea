import { afterAll, expect, test } from "vitest";
import { thingArbitraries } from "./arbitrary-things.ts";
import { provePredicate, proveTextOrder, type Things } from "./predicate-agreement.ts";
import { openThings } from "./sqlite-things.ts";

const { database, Thing } = await openThings();
const things: Things = { Thing, values: thingArbitraries };
afterAll(() => database.close());

test("SQLite and the in-memory predicate agree on every row and every lookup", () => provePredicate(things, 150));

test("SQLite sorts texts as compareCodePoints does", () => proveTextOrder(things, "label", 50));

test.each([2 ** 53 + 2, -41411695833390970, 1e300, 0.1])(
  "%d is found among others, though JSON may write it as an integer",
  async (number) => {
    const { id } = await Thing.objects.create({ ratio: number, looseNumber: number });
    const found = Thing.objects.filter({ id });
    expect([
      await found.filter({ ratio__in: [1, number] }).count(),
      await found.filter({ looseNumber__in: [1, number] }).count(),
    ]).toEqual([1, 1]);
  },
);
