import { afterAll, test } from "vitest";
import { thingArbitraries } from "./arbitrary-things.ts";
import { provePredicate, proveTextOrder, type Things } from "./predicate-agreement.ts";
import { openThings } from "./sqlite-things.ts";

const { database, Thing } = await openThings();
const things: Things = { Thing, values: thingArbitraries };
afterAll(() => database.close());

test("SQLite and the in-memory predicate agree on every row and every lookup", () => provePredicate(things, 150));

test("SQLite sorts texts as compareCodePoints does", () => proveTextOrder(things, "label", 50));
