import type { ReactElement } from "react";
import type { ControlProps } from "./control-props.ts";

/** True or false; neither while it is not sent. */
export function CheckControl({ value, onChange, placeholder, attributes }: ControlProps): ReactElement {
  return (
    <span className="sf-row">
      <input
        {...attributes}
        className="sf-check"
        type="checkbox"
        checked={value === true}
        ref={(input) => {
          if (input !== null) input.indeterminate = value === undefined;
        }}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="sf-soft" aria-hidden="true">
        {value === undefined ? placeholder : String(value)}
      </span>
    </span>
  );
}
