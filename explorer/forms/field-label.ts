import type { JsonSchema } from "../../src/protocol/json-schema.ts";

/** How a field is called: its title, or its name on the wire. */
export function fieldLabel(name: string, { title }: JsonSchema): string {
  return typeof title === "string" && title !== "" ? title : name;
}

/** The name on the wire, where the label does not tell it. */
export function wireNameBeside(label: string, name: string): string | null {
  return plain(label) === plain(name) ? null : name;
}

function plain(text: string): string {
  return text.replaceAll(/[\s_-]/g, "").toLowerCase();
}
