import type { ReactElement } from "react";
import { choiceLabel } from "./choice-label.ts";
import type { ControlProps } from "./control-props.ts";
import { sameJson } from "./same-json.ts";

interface ChoiceControlProps extends ControlProps {
  readonly values: readonly unknown[];
  readonly isNullable: boolean;
}

/** One of a choice of values; an optional one can be left out. */
export function ChoiceControl(props: ChoiceControlProps): ReactElement {
  const { schema, value, onChange, isRequired, attributes, values, isNullable } = props;
  const known = [...values, ...(isNullable ? [null] : [])];
  const isForeign = value !== undefined && !known.some((one) => sameJson(one, value));
  const entries = isForeign ? [...known, value] : known;
  const chosen = value === undefined ? -1 : entries.findIndex((one) => sameJson(one, value));
  return (
    <select
      {...attributes}
      className="sf-input sf-select"
      value={chosen}
      onChange={(event) => onChange(Number(event.target.value) < 0 ? undefined : entries[Number(event.target.value)])}
    >
      {isRequired && value !== undefined ? null : <option value={-1}>{nothingChosen(schema["default"], isRequired)}</option>}
      {entries.map((one, index) => (
        <option key={JSON.stringify(one)} value={index}>
          {choiceLabel(one)}
          {isForeign && index === entries.length - 1 ? " (not of the choice)" : ""}
        </option>
      ))}
    </select>
  );
}

function nothingChosen(byDefault: unknown, isRequired: boolean): string {
  if (isRequired) return "Choose…";
  return byDefault === undefined ? "not sent" : `not sent (default: ${choiceLabel(byDefault)})`;
}
