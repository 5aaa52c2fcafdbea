import type { ModelColumn } from "../../model-column.ts";
import { cutToMillis } from "./postgres-millis-operator.ts";
import type { PostgresTraits } from "./postgres-traits.ts";

/**
 * The JSON text of a column, written by PostgreSQL, NULL for null; null where its text may differ from JavaScript's (floats, JSON) or a mapping
 * of the application's own decides it.
 */
export function postgresJsonMember(column: ModelColumn, expression: string, traits: PostgresTraits): string | null {
  if (traits.opaque === true) return null;
  switch (column.kind) {
    case "integer":
    case "boolean":
      return `${expression}::text`;
    case "bigint":
      return traits.type === "numeric" ? `trunc(${expression})::text` : `${expression}::text`;
    case "string":
      return `to_json(${traits.asText?.(expression) ?? expression})::text`;
    case "decimal":
    case "date":
    case "uuid":
      return `'"' || ${expression}::text || '"'`;
    case "time":
      return `'"' || replace(to_char(${expression}, 'HH24:MI:SS.US'), '.000000', '') || '"'`;
    case "datetime":
      return traits.isDate === true ? dateMember(expression, traits) : momentMember(expression);
    case "binary":
      return `'"' || replace(encode(${expression}, 'base64'), E'\\n', '') || '"'`;
    default:
      return null;
  }
}

/** Years 1 to 9999; outside of them `toJsonValue` gives null. */
function isInCalendar(expression: string): string {
  return `${expression} >= '0001-01-01' AND ${expression} < '10000-01-01'`;
}

function isoText(expression: string): string {
  return `'"' || replace(to_char(${expression}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') || '"'`;
}

function dateMember(expression: string, traits: PostgresTraits): string {
  const moment =
    traits.type === "timestamp" && traits.cutToMillis === undefined ? `${expression}::timestamp` : cutToMillis(expression);
  return `CASE WHEN ${isInCalendar(expression)} THEN ${isoText(moment)} END`;
}

function momentMember(expression: string): string {
  return `CASE WHEN ${isInCalendar(expression)} THEN ${isoText(expression)} ELSE '"' || ${expression}::text || '"' END`;
}

/** One object of members whose SQL gives JSON texts. */
export function postgresJsonObject(members: readonly (readonly [string, string])[]): string {
  if (members.length === 0) return "'{}'";
  const parts = members.map(([key, expression], index) => {
    const before = `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`;
    return `${literal(before)} || coalesce(${expression}, 'null')`;
  });
  return `${parts.join(" || ")} || '}'`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
