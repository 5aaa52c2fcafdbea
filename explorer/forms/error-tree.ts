import { isRecord } from "./is-record.ts";

/** What a server said of a value and of its parts. */
export interface ErrorTree {
  readonly messages: readonly string[];
  readonly children: ReadonlyMap<string, ErrorTree>;
}

/** Nothing is wrong. */
export const NO_ERRORS: ErrorTree = { messages: [], children: new Map() };

/** Reads the `errors` of an answer, in the form of Django REST Framework. */
export function errorTreeOf(errors: unknown): ErrorTree {
  if (errors === null || errors === undefined) return NO_ERRORS;
  const entries: readonly unknown[] = Array.isArray(errors) ? errors : [errors];
  return entries.map(treeOf).reduce(joined, NO_ERRORS);
}

/** The errors of a part. */
export function childErrors(tree: ErrorTree, name: string): ErrorTree {
  return tree.children.get(name) ?? NO_ERRORS;
}

function treeOf(value: unknown): ErrorTree {
  if (value === null || value === undefined) return NO_ERRORS;
  if (Array.isArray(value)) return listTree(value);
  if (!isRecord(value)) return { messages: [String(value)], children: new Map() };
  const { non_field_errors: own, ...parts } = value;
  const children = new Map(Object.entries(parts).map(([name, inner]) => [name, treeOf(inner)]));
  return { messages: treeOf(own).messages, children: withoutEmpty(children) };
}

/** Texts are messages; anything else is what is wrong with the item at its place. */
function listTree(values: readonly unknown[]): ErrorTree {
  const messages = values.filter((value) => typeof value === "string");
  const parts = values.map((value, index) => [String(index), typeof value === "string" ? NO_ERRORS : treeOf(value)] as const);
  return { messages, children: withoutEmpty(new Map(parts)) };
}

function withoutEmpty(children: ReadonlyMap<string, ErrorTree>): ReadonlyMap<string, ErrorTree> {
  return new Map([...children].filter(([, tree]) => tree.messages.length > 0 || tree.children.size > 0));
}

function joined(left: ErrorTree, right: ErrorTree): ErrorTree {
  const children = new Map(left.children);
  for (const [name, tree] of right.children) children.set(name, joined(childErrors(left, name), tree));
  return { messages: [...left.messages, ...right.messages], children };
}

/**
 * Errors of fields in `data` come without a `data` around them: puts them there.
 *
 * @param names the arguments of the action. @param inData the fields of its `data`.
 */
export function placeInData(tree: ErrorTree, names: readonly string[], inData: readonly string[]): ErrorTree {
  const isMoved = (name: string): boolean => !names.includes(name) && inData.includes(name);
  const moved = new Map([...tree.children].filter(([name]) => isMoved(name)));
  if (moved.size === 0) return tree;
  const stayed = new Map([...tree.children].filter(([name]) => !isMoved(name)));
  const data = joined(childErrors(tree, "data"), { messages: [], children: moved });
  return { messages: tree.messages, children: new Map([...stayed, ["data", data]]) };
}

/** The errors of parts that have no control of their own, each with its name in front. */
export function unplacedErrors(tree: ErrorTree, shown: readonly string[]): readonly string[] {
  return [...tree.children].filter(([name]) => !shown.includes(name)).flatMap(([name, inner]) => flatMessages(inner, name));
}

/** All messages of a value that has one control: those of its parts with their names in front. */
export function flatMessages(tree: ErrorTree, name = ""): readonly string[] {
  const own = tree.messages.map((message) => (name === "" ? message : `${name}: ${message}`));
  const inner = [...tree.children].flatMap(([part, child]) => flatMessages(child, name === "" ? part : `${name}.${part}`));
  return [...own, ...inner];
}
