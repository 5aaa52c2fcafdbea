import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { BasePermission } from "../permissions/base-permission.ts";
import type { Finding } from "./finding.ts";

/** Permissions that are no classes, or that say no to everything. */
export function permissionFindings(consumer: AsyncAPIConsumer): readonly Finding[] {
  return consumer.permissionClasses.flatMap((kind: unknown, index) => {
    if (typeof kind !== "function") return [notAClass(kind, `permissionClasses[${index}]`)];
    return refusesAll(kind.prototype) ? [refusal(kind.name)] : [];
  });
}

/** An instance where a class is expected, or nothing at all: what an import gives that goes in a circle. */
export function notAClass(value: unknown, field: string): Finding {
  const isInstance = typeof value === "object" && value !== null;
  const name = isInstance ? value.constructor.name : String(value);
  return {
    code: "not_a_class",
    level: "error",
    field,
    message: `${field}: expected a class, got ${isInstance ? `an instance of ${name}` : name}: every connection fails.`,
    fix: isInstance
      ? `Write the class itself, ${name}, and not new ${name}(): each connection makes its own.`
      : "Check the import: modules that import each other in a circle find nothing there yet.",
  };
}

/** `hasPermission` says no unless it is overridden. */
function refusesAll(prototype: unknown): boolean {
  if (!(prototype instanceof BasePermission)) return false;
  return prototype.hasPermission === BasePermission.prototype.hasPermission;
}

function refusal(name: string): Finding {
  return {
    code: "permission_refuses_all",
    level: "error",
    field: "permissionClasses",
    message: `${name} does not override hasPermission, which says no by default: every action is refused, and no event is delivered.`,
    fix: `Override hasPermission in ${name}. To judge rows alone: override hasPermission() { return true; }`,
  };
}
