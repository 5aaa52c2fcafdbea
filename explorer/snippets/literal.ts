/** How a language writes JSON values. */
export interface LiteralStyle {
  readonly null: string;
  readonly true: string;
  readonly false: string;
  key(name: string): string;
  /** What stands within the braces of an object on one line. */
  readonly space: string;
  readonly indent: string;
}

const LINE = 80;

/** A JSON value as code: on one line where it fits, else a member to a line. */
export function literal(value: unknown, style: LiteralStyle, indent = ""): string {
  const flat = flatLiteral(value, style);
  if (typeof value !== "object" || value === null || indent.length + flat.length <= LINE) return flat;
  const inner = indent + style.indent;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const members = Array.isArray(value)
    ? value.map((item: unknown) => literal(item, style, inner))
    : Object.entries(value).map(([name, item]: [string, unknown]) => `${style.key(name)}: ${literal(item, style, inner)}`);
  if (members.length === 0) return flat;
  return `${open}\n${members.map((member) => `${inner}${member},\n`).join("")}${indent}${close}`;
}

function flatLiteral(value: unknown, style: LiteralStyle): string {
  if (value === null || value === undefined) return style.null;
  if (typeof value === "boolean") return value ? style.true : style.false;
  if (Array.isArray(value)) return `[${value.map((item: unknown) => flatLiteral(item, style)).join(", ")}]`;
  if (typeof value !== "object") return typeof value === "string" ? quoted(value) : JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, item]: [string, unknown]) => `${style.key(name)}: ${flatLiteral(item, style)}`,
  );
  return members.length === 0 ? "{}" : `{${style.space}${members.join(", ")}${style.space}}`;
}

/** Of TypeScript. A `__proto__` in brackets is a member like others. */
export const TYPESCRIPT: LiteralStyle = {
  null: "null",
  true: "true",
  false: "false",
  space: " ",
  indent: "  ",
  key: (name) => (name === "__proto__" ? '["__proto__"]' : isIdentifier(name) ? name : quoted(name)),
};

export const PYTHON: LiteralStyle = {
  null: "None",
  true: "True",
  false: "False",
  space: "",
  indent: "    ",
  key: quoted,
};

/** A text as both languages write it. Separators of lines, which JSON may hold as they are, are escaped: editors break lines at them. */
function quoted(text: string): string {
  return JSON.stringify(text)
    .replaceAll("\u2028", String.raw`\u2028`)
    .replaceAll("\u2029", String.raw`\u2029`);
}

/** Can it stand behind a dot? */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}
