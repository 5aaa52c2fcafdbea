import type { ReactElement } from "react";
import type { ControlProps } from "./control-props.ts";
import { numberToText, textToNumber } from "./number-text.ts";
import { useDraft } from "./use-draft.ts";

/** A number, kept as it is typed. */
export function NumberControl(props: ControlProps & { readonly isInteger: boolean }): ReactElement {
  const { value, onChange, placeholder, attributes, isInteger } = props;
  const parse = (text: string): unknown => textToNumber(text, isInteger);
  const [text, setDraft] = useDraft(value, numberToText, parse);
  const change = (typed: string): void => {
    setDraft(typed);
    onChange(parse(typed));
  };
  return (
    <input
      {...attributes}
      className="sf-input sf-short"
      type="text"
      inputMode={isInteger ? "numeric" : "decimal"}
      autoComplete="off"
      value={text}
      placeholder={placeholder}
      onChange={(event) => change(event.target.value)}
    />
  );
}
