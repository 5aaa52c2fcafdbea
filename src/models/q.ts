import type { Table } from "drizzle-orm";
import type { LookupResolver } from "./lookup-resolver.ts";
import type { Lookups } from "./lookups.ts";
import { normalizeLookups } from "./normalize-lookups.ts";
import type { Relations } from "./relations.ts";
import { allOf, anyOf, negate, type Where } from "./where.ts";
import { withNamesOfCode } from "./with-names-of-code.ts";

type Node =
  | { readonly type: "lookups"; readonly lookups: Readonly<Record<string, unknown>> }
  | { readonly type: "and" | "or"; readonly left: Node; readonly right: Node }
  | { readonly type: "not"; readonly child: Node };

type KeyOf<L> = L extends unknown ? keyof L : never;
type LookupsIn<A> = A extends QExpression<infer L, PropertyKey> ? L : A;
type KeysIn<A> = A extends QExpression<unknown, infer K> ? K : KeyOf<A>;

/**
 * Lookups that can be combined: `Q({ a: 1 }).or({ b: 2 })`. Immutable. A queryset checks them when it takes them, the compiler too: names
 * that are none of the model's do not fit its `filter`.
 */
export class QExpression<L = unknown, K extends PropertyKey = KeyOf<L>> {
  /** For the type system only: what the expression was made of. */
  declare readonly types: { lookups: L; key: K };
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  /** Both must match. */
  and<const A extends object>(other: A): QExpression<L | LookupsIn<A>, K | KeysIn<A>> {
    return new QExpression({ type: "and", left: this.node, right: nodeOf(other) });
  }

  /** One of them must match. */
  or<const A extends object>(other: A): QExpression<L | LookupsIn<A>, K | KeysIn<A>> {
    return new QExpression({ type: "or", left: this.node, right: nodeOf(other) });
  }

  /** Rows that do not match, those included where a column is NULL. */
  not(): QExpression<L, K> {
    return new QExpression({ type: "not", child: this.node });
  }
}

/** What `filter` takes: lookups, or a `Q` made of such. Where the table is not known (`AnyQuerySet`), names are checked when it runs. */
export type FilterArgument<T extends Table, R extends Relations> = 0 extends 1 & T
  ? object
  : Lookups<T, R> | QExpression<Lookups<T, R>>;

/** Lookups as an object to combine: `filter(Q({ id: 1 }).or({ email__icontains: "x" }))`. */
export function Q<const L extends object>(lookups: L): QExpression<L> {
  return new QExpression(nodeOf(lookups));
}

/** The opposite of lookups or of a `Q`: rows that do not match, those included where a column is NULL. */
export function not<const A extends object>(q: A): QExpression<LookupsIn<A>, KeysIn<A>> {
  return new QExpression({ type: "not", child: nodeOf(q) });
}

function nodeOf(value: object): Node {
  return value instanceof QExpression ? value.node : { type: "lookups", lookups: { ...value } };
}

/**
 * The where tree of lookups or of a `Q` in the application's code, for one model.
 *
 * @returns null when there is no condition.
 * @throws ImproperlyConfigured for a name that the model does not have, FieldError for a value that its column cannot hold.
 */
export function resolveWhere(resolver: LookupResolver, value: object): Where | null {
  return withNamesOfCode(() => resolveNode(nodeOf(value), resolver));
}

function resolveNode(node: Node, resolver: LookupResolver): Where | null {
  switch (node.type) {
    case "lookups":
      return normalizeLookups(resolver, node.lookups);
    case "and":
      return allOf([resolveNode(node.left, resolver), resolveNode(node.right, resolver)]);
    case "or":
      return anyOf(resolveNode(node.left, resolver), resolveNode(node.right, resolver));
    case "not":
      return negate(resolveNode(node.child, resolver));
  }
}
