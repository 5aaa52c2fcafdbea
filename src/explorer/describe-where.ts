import { toJsonValue } from "../models/json-value.ts";
import type { ModelColumn } from "../models/model-column.ts";
import type { AnyModel } from "../models/model.ts";
import type { Condition, LookupName, Where } from "../models/where.ts";
import { encodeJson } from "../protocol/json.ts";

const MAX_VALUE = 80;
const MAX_VALUES = 5;

const SIGNS: Readonly<Partial<Record<LookupName, string>>> = { exact: "=", gt: ">", gte: ">=", lt: "<", lte: "<=" };

/** Conditions in words: `email CONTAINS "x" AND NOT id IN [1, 2]`. Values of columns that no client is shown are left out. */
export function describeWhere(model: AnyModel, where: Where): string {
  switch (where.type) {
    case "nothing":
      return "NOTHING";
    case "not":
      return `NOT ${enclosed(model, where.child, "not")}`;
    case "condition":
      return describeCondition(model, where);
    default: {
      const { type, children } = where;
      return children.map((child) => enclosed(model, child, type)).join(type === "and" ? " AND " : " OR ");
    }
  }
}

function enclosed(model: AnyModel, where: Where, within: Where["type"]): string {
  const text = describeWhere(model, where);
  const isJoined = where.type === "and" || where.type === "or";
  return isJoined && where.type !== within ? `(${text})` : text;
}

function describeCondition(model: AnyModel, { name, path, column, lookup, value }: Condition): string {
  const field = [...path, column].join("__");
  if (lookup === "isnull") return `${field} IS ${value === true ? "" : "NOT "}NULL`;
  const resolved = model.resolver.lookup(name);
  const owner: AnyModel = resolved.steps.at(-1)?.target ?? model;
  const shown = owner.sensitiveColumns.has(column) ? "…" : describeValue(resolved.column, value);
  return `${field} ${SIGNS[lookup] ?? lookup.toUpperCase()} ${shown}`;
}

function describeValue(column: ModelColumn, value: unknown): string {
  if (!Array.isArray(value)) return clipped(encodeJson(toJsonValue(column, value)));
  const shown = value.slice(0, MAX_VALUES).map((item) => describeValue(column, item));
  const more = value.length - shown.length;
  return `[${shown.join(", ")}${more > 0 ? `, and ${more} more` : ""}]`;
}

function clipped(text: string): string {
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}
