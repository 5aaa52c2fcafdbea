import type { JsonSchema } from "restwave/contracts";
import { useEffect, useState } from "react";
import { isObject } from "../wire/json.ts";

interface FilterInputProps {
  readonly id: string;
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** A control for the value of a filter, as its schema says. */
export function FilterInput({ id, schema, value, onChange }: FilterInputProps) {
  const choices = choicesOf(schema);
  if (choices === null) return <TextFilter id={id} schema={schema} value={value} onChange={onChange} />;
  return (
    <select
      id={id}
      value={value === undefined ? "" : JSON.stringify(value)}
      onChange={({ target }) => onChange(target.value === "" ? undefined : JSON.parse(target.value))}
    >
      <option value="">any</option>
      {choices.map((choice) => (
        <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
          {String(choice)}
        </option>
      ))}
    </select>
  );
}

/** Takes what is typed a moment after the last key. */
function TextFilter({ id, schema, value, onChange }: FilterInputProps) {
  const [text, setText] = useState(() => textOf(value));
  useEffect(() => {
    const timer = setTimeout(() => {
      const next = valueOf(text, schema);
      if (JSON.stringify(next) !== JSON.stringify(value)) onChange(next);
    }, 300);
    return () => clearTimeout(timer);
  }, [text]);
  const isList = typesOf(schema).includes("array");
  const isNumeric = typesOf(schema).some((type) => type === "integer" || type === "number");
  return (
    <input
      id={id}
      value={text}
      inputMode={isNumeric ? "decimal" : "text"}
      placeholder={isList ? "a, b, c" : "any"}
      onChange={({ target }) => setText(target.value)}
    />
  );
}

function choicesOf(schema: JsonSchema): readonly unknown[] | null {
  const { enum: choices } = schema;
  if (Array.isArray(choices)) return choices;
  return typesOf(schema)[0] === "boolean" ? [true, false] : null;
}

function typesOf({ type }: JsonSchema): readonly unknown[] {
  return Array.isArray(type) ? type : [type];
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function valueOf(text: string, schema: JsonSchema): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const types = typesOf(schema);
  if (types.includes("array")) {
    const items = isObject(schema["items"]) ? schema["items"] : {};
    return trimmed.split(",").map((part) => valueOf(part, items) ?? "");
  }
  if (types.includes("null") && trimmed === "null") return null;
  const isNumeric = types.includes("integer") || types.includes("number");
  // A number that is none is the server's to refuse, in its words.
  return isNumeric && !Number.isNaN(Number(trimmed)) ? Number(trimmed) : trimmed;
}
