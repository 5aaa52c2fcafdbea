import type { ReactElement } from "react";
import type { ControlProps } from "./control-props.ts";
import { jsonToText, textToJson } from "./json-text.ts";
import { submitByEnter } from "./text-control.tsx";
import { useDraft } from "./use-draft.ts";

/** Any JSON, kept as it is typed while it is none. */
export function JsonControl({ value, onChange, placeholder, attributes }: ControlProps): ReactElement {
  const [text, setDraft] = useDraft(value, jsonToText, textToJson);
  const change = (typed: string): void => {
    setDraft(typed);
    onChange(textToJson(typed));
  };
  return (
    <textarea
      {...attributes}
      className="sf-input sf-json"
      rows={Math.min(12, Math.max(2, text.split("\n").length))}
      spellCheck={false}
      autoCapitalize="off"
      value={text}
      placeholder={placeholder === "" ? "{ }" : placeholder}
      onChange={(event) => change(event.target.value)}
      onKeyDown={submitByEnter}
    />
  );
}
