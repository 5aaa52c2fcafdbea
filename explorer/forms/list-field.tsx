import { type ReactElement, useContext, useRef } from "react";
import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { AnyField } from "./any-field.tsx";
import { childErrors, unplacedErrors } from "./error-tree.ts";
import { childId } from "./child-id.ts";
import type { FieldProps } from "./field-props.ts";
import type { ReadField } from "./field-shape.ts";
import { GroupField } from "./group-field.tsx";
import { ListItem } from "./list-item.tsx";
import { movedItem } from "./moved-item.ts";
import { SchemasContext } from "./schemas-context.ts";
import { startingValue } from "./starting-value.ts";
import { useItemKeys } from "./use-item-keys.ts";

interface ListFieldProps extends FieldProps {
  readonly field: ReadField;
  readonly items: JsonSchema;
}

/** A list whose items can be added, removed and moved. */
export function ListField(props: ListFieldProps): ReactElement {
  const { label, value, onChange, errors, id, items: schema } = props;
  const schemas = useContext(SchemasContext);
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const keys = useItemKeys(items.length);
  const adder = useRef<HTMLButtonElement>(null);
  const messages = [...errors.messages, ...unplacedErrors(errors, [...items.keys()].map(String))];
  const remove = (index: number): void => {
    keys.remove(index);
    onChange(items.filter((_item, other) => other !== index));
    adder.current?.focus();
  };
  const move = (from: number, to: number): void => {
    keys.move(from, to);
    onChange(movedItem(items, from, to));
  };
  return (
    <GroupField {...props} messages={messages}>
      <ol className="sf-list">
        {items.map((item, index) => (
          <ListItem
            key={keys.keys[index]}
            name={`${label} ${index + 1}`}
            index={index}
            count={items.length}
            onRemove={() => remove(index)}
            onMove={(to) => move(index, to)}
          >
            <AnyField
              name={null}
              label={`${label} ${index + 1}`}
              schema={schema}
              value={item}
              onChange={(next) => onChange(items.with(index, next === undefined ? "" : next))}
              isRequired
              errors={childErrors(errors, String(index))}
              id={childId(id, String(index))}
            />
          </ListItem>
        ))}
      </ol>
      <button
        type="button"
        className="sf-button"
        ref={adder}
        onClick={() => onChange([...items, startingValue(schema, schemas, new Date())])}
      >
        Add<span className="sf-hidden"> to {label}</span>
      </button>
    </GroupField>
  );
}
