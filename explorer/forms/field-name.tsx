import type { ReactElement } from "react";
import { wireNameBeside } from "./field-label.ts";

interface FieldNameProps {
  readonly label: string;
  readonly name: string | null;
  readonly isRequired: boolean;
}

/** What stands beside a label: the name on the wire where it is another, and whether the field must be sent. */
export function FieldName({ label, name, isRequired }: FieldNameProps): ReactElement | null {
  if (name === null) return null;
  const wireName = wireNameBeside(label, name);
  return (
    <>
      {wireName === null ? null : <code className="sf-name">{wireName}</code>}
      {isRequired ? <span className="sf-required">required</span> : null}
    </>
  );
}
