import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Field } from "./fields/field.ts";

/** A field under its name in a serializer. */
export interface BoundField {
  readonly name: string;
  readonly field: Field;
  /** The path in the row that answers are read from; empty for the whole row. */
  readonly source: readonly string[];
  /** The path in the validated data that is written; differs from `source` where a relation is stored in a foreign key column. */
  readonly target: readonly string[];
  /** The serializer's method that checks this one field: `validateLabel` for `label`. */
  readonly validateMethod: string;
}

/** @throws ImproperlyConfigured for a name or source that no row can have. */
export function bindField(name: string, field: Field, target: (source: readonly string[]) => readonly string[]): BoundField {
  if (name === "__proto__") throw new ImproperlyConfigured('Field "__proto__": no row can have that name. Rename the field.');
  const source = sourcePath(name, field);
  return { name, field, source, target: target(source), validateMethod: validateMethodName(name) };
}

function sourcePath(name: string, field: Field): readonly string[] {
  const text = field.source ?? name;
  if (text === "*") return [];
  const path = text.split(".");
  if (path.includes("") || path.includes("__proto__")) {
    throw new ImproperlyConfigured(`Field "${name}": expected a name, a dotted path or "*" as source, got "${text}".`);
  }
  return path;
}

function validateMethodName(name: string): string {
  return `validate${name.replace(/(?:^|_)([a-z0-9])/gi, (_whole, letter: string) => letter.toUpperCase())}`;
}
