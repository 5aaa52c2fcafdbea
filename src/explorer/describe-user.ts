import type { User } from "../protocol/scope.ts";
import type { InspectedUser } from "./inspection.ts";

const NAMES = ["username", "name", "email"] as const;

/** Who somebody is, by key and name. Nothing else of a user is shown. */
export function describeUser(user: User | null): InspectedUser | null {
  if (typeof user !== "object" || user === null) return null;
  const id = textOf(Reflect.get(user, "id")) ?? "";
  const names = NAMES.map((field) => textOf(Reflect.get(user, field)));
  return { id, name: names.find((name) => name !== null) ?? id };
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : null;
}
