import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { Dialect, LookupOperator } from "./dialect.ts";
import { UnknownFieldError } from "./errors.ts";
import { LruCache } from "./lru-cache.ts";
import type { ModelColumn } from "./model-column.ts";
import type { AnyModel } from "./model.ts";
import type { BelongsTo, Relation } from "./relations.ts";
import { LOOKUP_NAMES, type LookupName, TEXT_LOOKUPS } from "./where.ts";

/** A column reached from a model, maybe through relations. */
export interface ResolvedColumn {
  /** `author__username`: relation names, then the property key. */
  readonly name: string;
  readonly path: readonly string[];
  readonly steps: readonly Step[];
  readonly column: ModelColumn;
  /** The name was that of a relation, which stands for its foreign key. */
  readonly isRelation: boolean;
}

/** One relation followed: from `source`'s column to `target`'s primary key. */
export interface Step {
  readonly source: AnyModel;
  readonly relation: BelongsTo;
  readonly target: AnyModel;
}

export interface ResolvedLookup extends ResolvedColumn {
  /** `author__username__icontains`, also where `exact` was left out. */
  readonly canonical: string;
  readonly lookup: LookupName;
  readonly operator: LookupOperator;
}

export interface ResolvedOrdering extends ResolvedColumn {
  /** The name, `-` before it where it descends. */
  readonly key: string;
  readonly descending: boolean;
}

function noValue(column: ModelColumn, dialect: Dialect): LookupOperator {
  return { write: (expression) => dialect.isNull(column, expression), bind: () => undefined };
}

const LOOKUPS: ReadonlySet<string> = new Set(LOOKUP_NAMES);
const MAX_NAMES = 1000;
/** More steps than any sensible lookup takes; a name from the wire must not decide how much SQL is written. */
const MAX_STEPS = 8;

/** Turns names into columns. Only what was declared can be named: everything is searched in maps, nothing becomes SQL. */
export class LookupResolver {
  readonly #model: AnyModel;
  readonly #lookups = new LruCache<ResolvedLookup>(MAX_NAMES);
  readonly #orderings = new LruCache<ResolvedOrdering>(MAX_NAMES);

  constructor(model: AnyModel) {
    this.#model = model;
  }

  /** @throws UnknownFieldError when the name is none of the model's. */
  lookup(name: string): ResolvedLookup {
    const known = this.#lookups.get(name);
    if (known !== undefined) return known;
    const resolved = this.#resolveLookup(name);
    this.#lookups.set(name, resolved);
    return resolved;
  }

  /** @throws UnknownFieldError when the name is none of the model's. */
  ordering(key: string): ResolvedOrdering {
    const known = this.#orderings.get(key);
    if (known !== undefined) return known;
    const resolved = this.#resolveOrdering(key);
    this.#orderings.set(key, resolved);
    return resolved;
  }

  #resolveLookup(name: string): ResolvedLookup {
    const parts = name.split("__");
    const last = parts.at(-1) ?? "";
    const explicit = parts.length > 1 && isLookupName(last);
    const column = this.#resolveColumn(explicit ? parts.slice(0, -1) : parts, name);
    const lookup = explicit ? last : "exact";
    assertSuits(column, lookup, name);
    const { dialect } = this.#model.database;
    const operator = lookup === "isnull" ? noValue(column.column, dialect) : dialect.operator(column.column, lookup);
    return { ...column, canonical: `${column.name}__${lookup}`, lookup, operator };
  }

  #resolveOrdering(key: string): ResolvedOrdering {
    const descending = key.startsWith("-");
    const name = descending ? key.slice(1) : key;
    const resolved = this.#resolveColumn(name.split("__"), key);
    if (resolved.column.traits.unordered === true || resolved.column.kind === "json")
      throw new UnknownFieldError(key, "Rows cannot be ordered by this field.");
    return { ...resolved, key: descending ? `-${resolved.name}` : resolved.name, descending };
  }

  #resolveColumn(parts: readonly string[], given: string): ResolvedColumn {
    if (parts.length > MAX_STEPS) throw new UnknownFieldError(given, "The lookup follows too many relations.");
    const steps: Step[] = [];
    let model = this.#model;
    for (const [index, part] of parts.entries()) {
      const column = part === "pk" ? model.pk : model.columns.get(part);
      if (column !== undefined && index === parts.length - 1) return resolvedColumn(parts.slice(0, -1), steps, column, false);
      const relation = column === undefined ? relationOf(model, part) : undefined;
      if (relation?.type !== "belongsTo") throw unknownField(model, given, part, column !== undefined);
      // `author` alone is the foreign key itself, as in Django; it needs no join.
      if (index === parts.length - 1) return resolvedColumn(parts.slice(0, -1), steps, foreignKey(model, relation), true);
      const target = relation.model();
      steps.push({ source: model, relation, target });
      model = target;
    }
    throw new UnknownFieldError(given, "Expected the name of a field.");
  }
}

function isLookupName(name: string): name is LookupName {
  return LOOKUPS.has(name);
}

function resolvedColumn(
  path: readonly string[],
  steps: readonly Step[],
  column: ModelColumn,
  isRelation: boolean,
): ResolvedColumn {
  return { name: [...path, column.name].join("__"), path, steps, column, isRelation };
}

function relationOf(model: AnyModel, name: string): Relation | undefined {
  return Object.hasOwn(model.relations, name) ? model.relations[name] : undefined;
}

function foreignKey(model: AnyModel, relation: BelongsTo): ModelColumn {
  const column = model.columns.get(relation.column);
  if (column !== undefined) return column;
  throw new ImproperlyConfigured(`A relation of ${model.name} names the column "${relation.column}", which does not exist.`);
}

function unknownField(model: AnyModel, given: string, part: string, isColumn: boolean): UnknownFieldError {
  if (isColumn) return new UnknownFieldError(given, "Unsupported lookup for this field.");
  return new UnknownFieldError(given, `Cannot resolve keyword "${part.slice(0, 100)}" into a field of ${model.verboseName}.`);
}

const ORDER_LOOKUPS: ReadonlySet<LookupName> = new Set(["gt", "gte", "lt", "lte", "range"]);

function assertSuits({ column, isRelation }: ResolvedColumn, lookup: LookupName, name: string): void {
  // A relation is a row of another table, of which there are no parts to search: Django refuses it too, whatever the key is.
  if (suits(column, lookup) && !(isRelation && TEXT_LOOKUPS.has(lookup))) return;
  throw new UnknownFieldError(name, `Unsupported lookup "${lookup}" for this field.`);
}

/** Does a lookup make sense for a column? Texts are searched, what has an order is compared, JSON is only NULL or not. */
export function suits(column: ModelColumn, lookup: LookupName): boolean {
  if (lookup === "isnull") return true;
  if (column.kind === "json") return false;
  if (TEXT_LOOKUPS.has(lookup)) return column.kind === "string" || column.kind === "uuid";
  if (!ORDER_LOOKUPS.has(lookup)) return true;
  return column.kind !== "boolean" && column.kind !== "binary" && column.traits.unordered !== true;
}
