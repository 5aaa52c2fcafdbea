import type { ReactElement } from "react";
import { unplacedErrors } from "./error-tree.ts";
import type { FieldProps } from "./field-props.ts";
import type { Property, ReadField } from "./field-shape.ts";
import { GroupField } from "./group-field.tsx";
import { isRecord } from "./is-record.ts";
import { ObjectMembers } from "./object-members.tsx";

interface ObjectFieldProps extends FieldProps {
  readonly field: ReadField;
  readonly properties: readonly Property[];
}

/** An object in an object: its fields under a legend. */
export function ObjectField(props: ObjectFieldProps): ReactElement {
  const { value, onChange, errors, id, properties } = props;
  const shown = isRecord(value) ? properties.map(({ name }) => name) : [];
  const messages = [...errors.messages, ...unplacedErrors(errors, shown)];
  return (
    <GroupField {...props} messages={messages}>
      {properties.length === 0 ? <p className="sf-soft sf-empty">It has no fields.</p> : null}
      <ObjectMembers properties={properties} value={isRecord(value) ? value : {}} onChange={onChange} errors={errors} id={id} />
    </GroupField>
  );
}
