import { type ReactElement, useContext, useState } from "react";
import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { AnyField } from "./any-field.tsx";
import { childId } from "./child-id.ts";
import type { FieldProps } from "./field-props.ts";
import type { ReadField } from "./field-shape.ts";
import { GroupField } from "./group-field.tsx";
import { SchemasContext } from "./schemas-context.ts";
import { startingValue } from "./starting-value.ts";
import { variantLabel, variantOf } from "./variant-choice.ts";

interface VariantsFieldProps extends FieldProps {
  readonly field: ReadField;
  readonly variants: readonly JsonSchema[];
}

/** A value of one of several forms: which one, and its fields. */
export function VariantsField(props: VariantsFieldProps): ReactElement {
  const { label, value, onChange, isRequired, errors, id, variants } = props;
  const schemas = useContext(SchemasContext);
  // While a value is typed it may fit none: the choice stays as long as nobody else changes the value.
  const [choice, setChoice] = useState({ index: 0, value: undefined as unknown });
  const index = choice.value === value ? choice.index : variantOf(value, variants, schemas);
  const variant = variants[index] ?? {};
  const change = (at: number, next: unknown): void => {
    setChoice({ index: at, value: next });
    onChange(next);
  };
  const selectId = childId(id, "variant");
  return (
    <GroupField {...props} messages={[]}>
      <div className="sf-field">
        <label className="sf-label" htmlFor={selectId}>
          Form of {label}
        </label>
        <select
          id={selectId}
          className="sf-input sf-select"
          value={index}
          onChange={(event) => {
            const chosen = Number(event.target.value);
            change(chosen, startingValue(variants[chosen] ?? {}, schemas, new Date()));
          }}
        >
          {variants.map((one, at) => (
            <option key={`${at} ${variantLabel(one, schemas)}`} value={at}>
              {variantLabel(one, schemas)}
            </option>
          ))}
        </select>
      </div>
      <AnyField
        key={index}
        name={null}
        label={`${label}: ${variantLabel(variant, schemas)}`}
        schema={variant}
        value={value}
        onChange={(next) => change(index, next === undefined && !isRequired ? "" : next)}
        isRequired
        errors={errors}
        id={childId(id, "value")}
      />
    </GroupField>
  );
}
