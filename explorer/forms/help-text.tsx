import type { ReactElement } from "react";
import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { constraintHelp } from "./constraint-help.ts";
import type { FieldShape } from "./field-shape.ts";

/** The description of a field and what it takes; null where there is nothing to say. */
export function helpOf(schema: JsonSchema, shape: FieldShape): string | null {
  const { description } = schema;
  const parts = [...(typeof description === "string" ? [description] : []), ...constraintHelp(schema, shape)];
  return parts.length === 0 ? null : parts.map((part) => part.trim()).join(" ");
}

export function HelpText({ id, text }: { readonly id: string; readonly text: string | null }): ReactElement | null {
  if (text === null) return null;
  return (
    <p className="sf-help" id={id}>
      {text}
    </p>
  );
}
