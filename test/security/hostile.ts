/** Values that no argument expects, as JSON text, since not all of them are values of JavaScript. */
export const HOSTILE_VALUES: readonly string[] = [
  "null",
  "true",
  "-1",
  "1.5",
  "1e300",
  "1e400",
  "9223372036854775808",
  "1".repeat(60),
  '""',
  '"abc"',
  '"1; DROP TABLE blog_post;--"',
  String.raw`"x\"; DROP TABLE blog_post;--"`,
  `"' OR '1'='1"`,
  '"%"',
  '"../../etc/passwd"',
  '"__proto__"',
  '"constructor"',
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  `"${"a".repeat(70_000)}"`,
  "[]",
  "[null]",
  "[[1]]",
  `[${Array(2000).fill("1").join(",")}]`,
  "{}",
  '{"$ne":null}',
  '{"$gt":""}',
  '{"__proto__":{"pk":1}}',
  '{"toString":1,"constructor":{"prototype":{}}}',
  `${"[".repeat(900)}${"]".repeat(900)}`,
];

const FILTERS = ["filters", "search", "ordering"];

/** Every action of the blog with its arguments. */
export const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  list: [...FILTERS, "limit", "offset", "page", "page_size", "cursor"],
  retrieve: ["pk", ...FILTERS],
  create: ["data"],
  update: ["pk", "data"],
  patch: ["pk", "data", "filters"],
  delete: ["pk", "filters"],
  rename: ["pk", "username"],
  list_cancel: ["pk"],
  cancel: ["cancel_request_id"],
};

/** Names that a client makes up where a field, a filter or an action is expected. */
export const HOSTILE_NAMES: readonly string[] = [
  `x"; DROP TABLE blog_post;--`,
  `id" FROM blog_post; DROP TABLE blog_post; --`,
  "id) OR (1=1",
  "1",
  "*",
  "rowid",
  "",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "pk__pk__pk",
  "-",
  "--id",
  "id__",
  "__id",
  "n".repeat(5000),
];

export interface HostileRequest {
  readonly id: string;
  readonly text: string;
}

/** The actions with each of their arguments at every hostile value, the other arguments as they should be. */
export function hostileRequests(actions: readonly string[], present: Readonly<Record<string, unknown>>): HostileRequest[] {
  return actions.flatMap((action) =>
    (ARGUMENTS[action] ?? []).flatMap((name) =>
      HOSTILE_VALUES.map((value, index) => {
        const id = `${action} ${name} ${index}`;
        const { [name]: _replaced, ...others } = present;
        const rest = JSON.stringify({ action, request_id: id, ...others }).slice(1);
        return { id, text: `{${JSON.stringify(name)}:${value},${rest}` };
      }),
    ),
  );
}
