export const LOOKUP_NAMES = [
  "exact",
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
  "gt",
  "gte",
  "lt",
  "lte",
  "in",
  "range",
  "isnull",
] as const;

/** Django's field lookups. */
export type LookupName = (typeof LOOKUP_NAMES)[number];

/** The lookups that compare with a text or a part of one. */
export const TEXT_LOOKUPS: ReadonlySet<LookupName> = new Set([
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
]);

/** The lookups that take a value of the column's; `isnull` asks about the column alone and is the same in every database. */
export type ValueLookup = Exclude<LookupName, "isnull">;

/**
 * What a queryset's rows must satisfy, as plain data: it compiles to SQL and to a function over rows. Its logic has two values: a condition
 * on NULL is false (but for `isnull`), and `not` turns false to true.
 */
export type Where = Condition | Conjunction | Disjunction | Negation | Nothing;

export interface Condition {
  readonly type: "condition";
  /** The canonical name, `author__username__icontains`: equal names have equal path, column and lookup. */
  readonly name: string;
  /** Names of the relations that lead to the column; empty for a column of the model itself. */
  readonly path: readonly string[];
  /** Property key. */
  readonly column: string;
  readonly lookup: LookupName;
  /** A row value; a list of them for `in` and `range`, a boolean for `isnull`. Never null. */
  readonly value: unknown;
}

export interface Conjunction {
  readonly type: "and";
  readonly children: readonly Where[];
}

export interface Disjunction {
  readonly type: "or";
  readonly children: readonly Where[];
}

export interface Negation {
  readonly type: "not";
  readonly child: Where;
}

/** Matches no row. */
export interface Nothing {
  readonly type: "nothing";
}

export const NOTHING: Nothing = Object.freeze({ type: "nothing" });

/** All of them; null stands for "no condition". */
export function allOf(parts: readonly (Where | null)[]): Where | null {
  const children = parts.filter((part) => part !== null);
  if (children.length <= 1) return children[0] ?? null;
  return { type: "and", children };
}

/** One of the two; where one is "no condition", so is the whole. */
export function anyOf(left: Where | null, right: Where | null): Where | null {
  return left === null || right === null ? null : { type: "or", children: [left, right] };
}

/** The opposite; the opposite of no condition matches nothing. */
export function negate(where: Where | null): Where {
  return where === null ? NOTHING : { type: "not", child: where };
}

/** Does the tree reach through a relation? */
export function crossesRelations(where: Where | null): boolean {
  if (where === null) return false;
  switch (where.type) {
    case "condition":
      return where.path.length > 0;
    case "not":
      return crossesRelations(where.child);
    case "nothing":
      return false;
    default:
      return where.children.some(crossesRelations);
  }
}

/** Every condition of the tree, wherever it stands. */
export function conditionsOf(where: Where | null): readonly Condition[] {
  if (where === null) return [];
  switch (where.type) {
    case "condition":
      return [where];
    case "not":
      return conditionsOf(where.child);
    case "nothing":
      return [];
    default:
      return where.children.flatMap(conditionsOf);
  }
}
