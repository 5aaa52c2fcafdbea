import { type KeyboardEvent, type ReactElement, useState } from "react";
import type { ControlProps } from "./control-props.ts";
import { PasswordControl } from "./password-control.tsx";
import { type TextControlKind, textControlKind } from "./text-control-kind.ts";

/** A text in a line or more. What was not sent before it was typed is not sent again once it is deleted. */
export function TextControl({ name, schema, value, onChange, isRequired, placeholder, attributes }: ControlProps): ReactElement {
  const [wasUnsent, setWasUnsent] = useState(value === undefined);
  if (value === undefined && !wasUnsent) setWasUnsent(true);
  // Sent as empty text by choice: then deleting goes back to that, not to nothing.
  if (value === "" && wasUnsent) setWasUnsent(false);
  const shown = value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const change = (text: string): void => onChange(text === "" && wasUnsent && !isRequired ? undefined : text);
  const kind = textControlKind(name ?? "", schema);
  const common = { ...attributes, className: "sf-input", value: shown, placeholder, spellCheck: kind === "lines" };
  if (kind === "password") return <PasswordControl common={common} onChange={change} />;
  if (kind === "lines")
    return (
      <textarea
        {...common}
        rows={shown.includes("\n") ? 4 : 1}
        onChange={(event) => change(event.target.value)}
        onKeyDown={submitByEnter}
      />
    );
  return <input {...common} {...TYPES[kind]} autoComplete="off" onChange={(event) => change(event.target.value)} />;
}

const TYPES = {
  line: { type: "text" },
  email: { type: "text", inputMode: "email" },
  url: { type: "text", inputMode: "url" },
  decimal: { type: "text", inputMode: "decimal" },
} as const satisfies Partial<Record<TextControlKind, object>>;

/** Enter makes a line here; with Ctrl or Cmd it sends, as Enter does in a single line. */
export function submitByEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
