import { describe, expect, test } from "vitest";
import { wrongImports, type SameLevelReasons } from "./architecture/arrows.ts";
import { importCycles } from "./architecture/cycles.ts";
import { bareErrors, drawers, longFiles, misnamedFiles, toKebabCase, type NamingReasons } from "./architecture/file-rules.ts";
import { readSources, type Sources } from "./architecture/sources.ts";

/** Imports between rooms of one level, by room, each with its reason. */
const SAME_LEVEL: SameLevelReasons = {};

/** Files that are named after what they hold together, not after one export. */
const NAMED_OTHERWISE: NamingReasons = {
  "models/adapters/sqlite/sqlite-column-types.ts": "a helper for each column type that SQLite lacks, each named after its type",
  "consumers/standard-schema.ts": "named after the standard whose two checks it holds",
  "serializers/fields/outcome.ts": "the two marks that a field may return in place of a value",
  "serializers/serializer-types.ts": "the types that a serializer's fields are turned into",
  "explorer/inspection.ts": "all that the inspector and the explorer's page tell each other, in one place for both",
};

function files(texts: Readonly<Record<string, string>>): Sources {
  return new Map(Object.entries(texts));
}

describe("the rules themselves find", () => {
  test("an import of a room above", () => {
    const sources = files({ "models/a.ts": 'import { b } from "../consumers/b.ts";\n' });
    expect(wrongImports(sources)).toEqual(["models/a.ts imports consumers/b.ts: consumers is above models"]);
  });

  test("an import of a room above for its types only", () => {
    const sources = files({ "models/a.ts": 'import type { B } from "../consumers/b.ts";\n' });
    expect(wrongImports(sources)).toHaveLength(1);
  });

  test("an import of a room above over several lines, in a re-export, for its effects, or at run time", () => {
    const texts = [
      'import {\n  a,\n  b,\n} from "../consumers/b.ts";\n',
      'export * from "../consumers/b.ts";\n',
      'export type { B } from "../consumers/b.ts";\n',
      'import "../consumers/b.ts";\n',
      'async function later() {\n  await import("../consumers/b.ts");\n}\n',
    ];
    for (const text of texts) expect(wrongImports(files({ "models/a.ts": text }))).toHaveLength(1);
  });

  test("an import of a neighbour of the same level, unless it is permitted", () => {
    const sources = files({ "filters/a.ts": 'import { b } from "../serializers/b.ts";\n' });
    expect(wrongImports(sources)).toEqual(["filters/a.ts imports serializers/b.ts: filters and serializers are of one level"]);
    expect(wrongImports(sources, { "filters -> serializers": "a reason" })).toEqual([]);
  });

  test("a permit that cannot excuse an upward import, and one that nothing uses", () => {
    const upward = files({ "models/a.ts": 'import { b } from "../consumers/b.ts";\n' });
    expect(wrongImports(upward, { "models -> consumers": "no reason is good enough" })).toHaveLength(1);
    expect(wrongImports(files({}), { "filters -> serializers": "a reason" })).toHaveLength(1);
  });

  test("an import of an entry, of the testing kit, and of a room without a place", () => {
    expect(wrongImports(files({ "models/a.ts": 'import { b } from "../index.ts";\n' }))).toHaveLength(1);
    expect(wrongImports(files({ "models/a.ts": 'import { b } from "../testing/b.ts";\n' }))).toHaveLength(1);
    expect(wrongImports(files({ "new-room/a.ts": 'import { b } from "../models/b.ts";\n' }))).toHaveLength(1);
  });

  test("a client that imports more than types from a consumer, or anything of a model", () => {
    expect(wrongImports(files({ "client/a.ts": 'import type { B } from "../consumers/b.ts";\n' }))).toEqual([]);
    expect(wrongImports(files({ "client/a.ts": 'import { B } from "../consumers/b.ts";\n' }))).toHaveLength(1);
    expect(wrongImports(files({ "client/a.ts": 'import type { B } from "../models/b.ts";\n' }))).toHaveLength(1);
  });

  test("a collection adapter that imports more than the client and the protocol", () => {
    expect(wrongImports(files({ "tanstack-db/a.ts": 'import type { B } from "../client/b.ts";\n' }))).toEqual([]);
    expect(wrongImports(files({ "tanstack-db/a.ts": 'import type { B } from "../consumers/b.ts";\n' }))).toHaveLength(1);
    expect(wrongImports(files({ "client/a.ts": 'import type { B } from "../tanstack-db/b.ts";\n' }))).toHaveLength(1);
  });

  test("nothing in a downward import, an example in a doc comment, or an entry", () => {
    const sources = files({
      "index.ts": 'export { a } from "./transports/a.ts";\n',
      "models/a.ts": '/**\n * import { b } from "../consumers/b.ts";\n */\nimport { c } from "../protocol/c.ts";\n',
      "testing/a.ts": 'import { b } from "../transports/b.ts";\n',
    });
    expect(wrongImports(sources)).toEqual([]);
  });

  test("a circle of imports, once, with its way", () => {
    const sources = files({
      "a.ts": 'import "./b.ts";\n',
      "b.ts": 'import { c } from "./c.ts";\n',
      "c.ts": 'import { b } from "./b.ts";\n',
      "d.ts": 'import "./d.ts";\n',
    });
    expect(importCycles(sources)).toEqual(["b.ts -> c.ts -> b.ts", "d.ts -> d.ts"]);
  });

  test("a circle that goes through types of another room, but not one of types within a room", () => {
    const between = files({ "a/a.ts": 'import type { B } from "../b/b.ts";\n', "b/b.ts": 'import { A } from "../a/a.ts";\n' });
    const within = files({ "a/a.ts": 'import type { B } from "./b.ts";\n', "a/b.ts": 'import { A } from "./a.ts";\n' });
    expect(importCycles(between)).toHaveLength(1);
    expect(importCycles(within)).toEqual([]);
  });

  test("a drawer, as a file and as a folder", () => {
    expect(drawers(["models/utils.ts", "models/types.ts", "common/a.ts", "models/typed-row.ts"])).toEqual([
      "models/utils.ts",
      "models/types.ts",
      "common/a.ts",
    ]);
  });

  test("a plain Error, but not a class of its own or a comment", () => {
    const sources = files({
      "a/b.ts":
        'throw new Error("x");\nthrow new ParseError("x");\n * throw new Error("x")\nreject(new Error("y"));\nclass A extends Error {}\n',
    });
    expect(bareErrors(sources)).toEqual(["a/b.ts:1", "a/b.ts:4"]);
  });

  test("a file that is named after none of its exports, and an exception that is none", () => {
    const sources = files({
      "a/b-c.ts": "export class BCD {}\n",
      "a/d-e.ts": "export abstract class X {}\nexport interface Dee {}\n",
      "a/close-codes.ts": "export const CloseCode = {};\n",
      "a/json.ts": "export function parseJson() {}\n",
      "a/queryset.ts": "export class QuerySet {}\n",
      "a/date-values.ts": "export function parseDate() {}\nexport function formatDate() {}\n",
      "a/list-mixin.ts": "function f() {}\nexport { f as listMixin };\n",
      "index.ts": 'export * from "./a/b-c.ts";\n',
    });
    expect(misnamedFiles(sources)).toEqual(["a/b-c.ts exports nothing of that name", "a/d-e.ts exports nothing of that name"]);
    expect(misnamedFiles(sources, { "a/b-c.ts": "why", "a/d-e.ts": "why", "index.ts": "why" })).toHaveLength(1);
  });

  test("a file that has grown too long", () => {
    expect(longFiles(files({ "a.ts": "x\n".repeat(4), "b.ts": "x\n".repeat(3) }), 3)).toEqual(["a.ts"]);
  });

  test("a name in kebab case keeps an abbreviation together", () => {
    expect(["AsyncAPIConsumer", "rePath", "UUIDField", "and", "readV8Heap"].map(toKebabCase)).toEqual([
      "async-api-consumer",
      "re-path",
      "uuid-field",
      "and",
      "read-v8-heap",
    ]);
  });
});

describe("in src", () => {
  const sources = readSources(new URL("../src/", import.meta.url));

  test("files are found at all", () => {
    expect(sources.has("protocol/frames.ts")).toBe(true);
  });

  test("imports follow the arrows", () => {
    expect(wrongImports(sources, SAME_LEVEL)).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    expect(importCycles(sources)).toEqual([]);
  });

  test("no file or folder is a drawer", () => {
    expect(drawers(sources.keys())).toEqual([]);
  });

  test("no error is a plain Error", () => {
    expect(bareErrors(sources)).toEqual([]);
  });

  test("no file is longer than 300 lines", () => {
    expect(longFiles(sources, 300)).toEqual([]);
  });

  test("a file is found by the name of an export of its own", () => {
    expect(misnamedFiles(sources, NAMED_OTHERWISE)).toEqual([]);
  });
});
