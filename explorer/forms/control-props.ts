import type { JsonSchema } from "../../src/protocol/json-schema.ts";

/** What a single control gets. */
export interface ControlProps {
  readonly name: string | null;
  /** Without references and null. */
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly isRequired: boolean;
  /** What an empty control says. */
  readonly placeholder: string;
  /** The attributes by which its label, help and errors belong to it. */
  readonly attributes: ControlAttributes;
}

export interface ControlAttributes {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
  readonly "aria-errormessage": string | undefined;
  readonly "aria-required": true | undefined;
}
