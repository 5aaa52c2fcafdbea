import type { JsonSchema } from "../../../src/contracts.ts";

/** What the test gives to the page that shows a form. */
export interface FormPage {
  readonly schema: JsonSchema;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Else the initial value. */
  readonly value?: unknown;
  readonly errors?: unknown;
  readonly omit?: readonly string[];
}

declare global {
  interface Window {
    /** Shows a form in place of the one before. */
    showForm(page: FormPage): void;
    /** The value of the form, as JSON text; `undefined` is missing in it. */
    formValue: string;
    /** The problems of unfinished text in the value. */
    unfinished: readonly string[];
    /** How often the form was submitted. */
    submitted: number;
  }
}
