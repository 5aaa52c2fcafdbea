import type { ReactElement } from "react";
import type { ControlProps } from "./control-props.ts";
import type { MomentForm } from "./field-shape.ts";
import { hasFraction, inputToMoment, momentToInput } from "./moment-text.ts";
import { TextControl } from "./text-control.tsx";

const TYPES = { date: "date", time: "time", "date-time": "datetime-local" } as const;
const LAST = { date: "9999-12-31", time: undefined, "date-time": "9999-12-31T23:59:59" } as const;

/** A day, a time of day, or a moment in UTC, by the browser's own control. */
export function MomentControl(props: ControlProps & { readonly form: MomentForm }): ReactElement {
  const { value, onChange, attributes, placeholder, form } = props;
  const input = momentToInput(value, form);
  if (input === null) return <TextControl {...props} />;
  return (
    <span className="sf-row">
      <input
        {...attributes}
        className="sf-input sf-moment"
        type={TYPES[form]}
        step={form === "date" ? undefined : hasFraction(input) ? 0.001 : 1}
        max={LAST[form]}
        value={input}
        onChange={(event) => onChange(inputToMoment(event.target.value, form))}
      />
      {form === "date-time" ? <span className="sf-soft">UTC</span> : null}
      {input === "" ? <span className="sf-soft">{placeholder}</span> : null}
    </span>
  );
}
