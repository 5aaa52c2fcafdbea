import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import type { ErrorTree } from "./error-tree.ts";

/** What a field of a form gets, whatever it looks like. */
export interface FieldProps {
  /** On the wire; null for an item of a list and for the variant of a value, which have none. */
  readonly name: string | null;
  readonly label: string;
  readonly schema: JsonSchema;
  /** `undefined`: it is not sent. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly isRequired: boolean;
  readonly errors: ErrorTree;
  readonly id: string;
}
