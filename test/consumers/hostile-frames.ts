import fc from "fast-check";

/** One frame of a hostile client. */
export type HostileFrame = string | Uint8Array;

const KEYS = [
  "action",
  "request_id",
  "pk",
  "data",
  "filters",
  "search",
  "ordering",
  "limit",
  "offset",
  "page",
  "cursor",
  "cancel_request_id",
  "name",
  "tags",
  "id",
  "left",
  "kind",
  "text",
  "foo",
  "stream",
  "payload",
  "__proto__",
  "constructor",
  "toString",
  "toJSON",
  "then",
  "scope",
  "self",
];

const nest = (open: string, close: string, levels: number, inner: string) => open.repeat(levels) + inner + close.repeat(levels);

/** Values as JSON text, or nearly: what a parser, a coercion or a database could stumble over. */
const awkward = fc.constantFrom(
  "null",
  "true",
  '""',
  "-0",
  "2.9",
  "1e999",
  "-1e999",
  "5e-324",
  "NaN",
  "Infinity",
  "9007199254740993",
  "-9223372036854775809",
  "9".repeat(400),
  "9".repeat(5000),
  `-${"1".repeat(129)}`,
  `0.${"1".repeat(2000)}`,
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"1_0"',
  '" +3 "',
  `"${"x".repeat(129)}"`,
  `"${"9".repeat(5000)}"`,
  '"2024-13-45T99:99:99Z"',
  '"x\\"; DROP TABLE lab_item;--"',
  '"-id,name,__proto__"',
  '"00000000-0000-0000-0000-000000000001"',
  '{"$ne": null}',
  '{"name__regex": "(a+)+$", "id__in": [[]], "__proto__": 1}',
  '{"__proto__": {"admin": true}}',
  '{"constructor": {"prototype": {"admin": true}}}',
  '{"toString": 1, "valueOf": null, "toJSON": {}, "then": []}',
  '{"length": 1000000000}',
  '{"name": "x", "quantity": 5, "tags": [1, 1e400], "meta": {"__proto__": [9007199254740993]}}',
  "[[], {}, null, [null]]",
);

const deep = fc
  .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"]), fc.constantFrom(100, 998, 1001, 10_000))
  .map(([[open, close], levels]) => nest(open ?? "", close ?? "", levels, "1"));

const long = fc
  .tuple(fc.constantFrom("x", "\\n", "\\\\", '\\"', "#", "é", "1234567890123456 ", "\\u0000"), fc.constantFrom(1000, 6000))
  .map(([part, times]) => `"${part.repeat(times)}"`);

const plain = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).map((value) => JSON.stringify(value));
const binaryText = fc.string({ unit: "binary", maxLength: 40 }).map((text) => JSON.stringify(text));

const value = fc.oneof(
  { weight: 6, arbitrary: awkward },
  { weight: 4, arbitrary: plain },
  { weight: 2, arbitrary: binaryText },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: long },
);

const key = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: fc.string({ maxLength: 20 }) });
const members = fc.array(fc.tuple(key, value), { maxLength: 6 });

const toObject = (pairs: readonly (readonly [string, string])[]) =>
  `{${pairs.map(([name, text]) => `${JSON.stringify(name)}: ${text}`).join(", ")}}`;

const FIELDS = [
  "name",
  "quantity",
  "price",
  "ratio",
  "active",
  "due",
  "day",
  "kind",
  "note",
  "meta",
  "id",
  "tags",
  "title",
  "left",
  "right",
  "label",
  "customer",
  "address",
  "lines",
  "labels",
  "username",
  "__proto__",
];

const likely = fc.oneof(
  fc.constantFrom("1", '"a"', '"12.5"', "[1]"),
  fc.nat(9999).map((n) => `"n${n}"`),
);

/** Data for a row: known fields with values of every kind, often enough with a name of its own. */
const record = fc
  .tuple(fc.option(fc.nat()), fc.array(fc.tuple(fc.constantFrom(...FIELDS), fc.oneof(value, likely)), { maxLength: 5 }))
  .map(([n, pairs]) => toObject(n === null ? pairs : [...pairs, ["name", `"n${n}"`]]));

const pk = fc.oneof(fc.constantFrom("1", "2", '"00000000-0000-0000-0000-000000000001"'), value);

/** A known action with the arguments that it looks at, and others, of every kind. */
function calls(actions: readonly string[]): fc.Arbitrary<string> {
  const argumentsOfModels = fc.tuple(
    fc.option(pk),
    fc.option(fc.oneof({ weight: 3, arbitrary: record }, { weight: 1, arbitrary: value })),
  );
  return fc
    .tuple(fc.constantFrom(...actions), members, argumentsOfModels)
    .map(([name, pairs, [key, data]]) =>
      toObject([
        ...pairs.filter(([member]) => member !== "action"),
        ...(key === null ? [] : [["pk", key] as const]),
        ...(data === null ? [] : [["data", data] as const]),
        ["action", JSON.stringify(name)],
      ]),
    );
}

function truncated(frames: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(frames, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([text, share]) => text.slice(0, Math.floor(text.length * share)));
}

/** Frames for a consumer that has these actions: calls with wild arguments, wild objects, truncated and random text, and bytes. */
export function hostileFrames(actions: readonly string[]): fc.Arbitrary<HostileFrame> {
  const call = calls(actions);
  return fc.oneof<fc.WeightedArbitrary<HostileFrame>[]>(
    { weight: 10, arbitrary: call },
    { weight: 3, arbitrary: members.map(toObject) },
    { weight: 2, arbitrary: truncated(call) },
    { weight: 2, arbitrary: value },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  );
}

/** The same frames inside `{stream, payload}`, some of them with another stream or payload. */
export function hostileStreamFrames(streams: readonly string[], actions: readonly string[]): fc.Arbitrary<HostileFrame> {
  const stream = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...streams).map((name) => JSON.stringify(name)) },
    { weight: 1, arbitrary: value },
  );
  const payload = fc.oneof({ weight: 4, arbitrary: calls(actions) }, { weight: 1, arbitrary: value });
  const framed = fc.tuple(stream, payload).map(([name, text]) => `{"stream": ${name}, "payload": ${text}}`);
  return fc.oneof<fc.WeightedArbitrary<HostileFrame>[]>(
    { weight: 6, arbitrary: framed },
    { weight: 1, arbitrary: truncated(framed) },
    { weight: 1, arbitrary: hostileFrames(actions) },
  );
}
