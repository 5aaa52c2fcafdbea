import type { JsonSchema } from "restwave/contracts";
import { Icon } from "./icon.tsx";

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** One value of a row, as short as a table wants it. */
export function Cell({ value, schema }: { value: unknown; schema: JsonSchema }) {
  if (value === null) return <span className="cell-null">null</span>;
  if (value === undefined) return null;
  if (typeof value === "boolean")
    return (
      <span className={value ? "cell-true" : "cell-false"}>
        <Icon name={value ? "check" : "cross"} />
        {String(value)}
      </span>
    );
  if (typeof value === "number") return <span className="cell-number">{value}</span>;
  if (typeof value !== "string") return <code className="cell-json">{JSON.stringify(value)}</code>;
  if (Array.isArray(schema["enum"])) return <span className="pill">{value}</span>;
  if (schema["format"] === "date-time" && !Number.isNaN(Date.parse(value)))
    return (
      <time dateTime={value} title={value}>
        {MOMENT.format(new Date(value))}
      </time>
    );
  return <span className="cell-text">{value}</span>;
}
