import { type ReactElement, useContext } from "react";
import { AnyField } from "./any-field.tsx";
import { childErrors, type ErrorTree } from "./error-tree.ts";
import { childId } from "./child-id.ts";
import { fieldLabel } from "./field-label.ts";
import { type Property, readField } from "./field-shape.ts";
import { SchemasContext } from "./schemas-context.ts";
import { withMember } from "./with-member.ts";

interface ObjectMembersProps {
  readonly properties: readonly Property[];
  readonly value: Readonly<Record<string, unknown>>;
  readonly onChange: (value: unknown) => void;
  readonly errors: ErrorTree;
  readonly id: string;
}

/** The fields of an object. */
export function ObjectMembers({ properties, value, onChange, errors, id }: ObjectMembersProps): ReactElement {
  const schemas = useContext(SchemasContext);
  return (
    <div className="sf-members">
      {properties.map(({ name, schema, isRequired }) => (
        <AnyField
          key={name}
          name={name}
          label={fieldLabel(name, readField(schema, schemas).schema)}
          schema={schema}
          value={Object.hasOwn(value, name) ? value[name] : undefined}
          onChange={(next) => onChange(withMember(value, name, next))}
          isRequired={isRequired}
          errors={childErrors(errors, name)}
          id={childId(id, name)}
        />
      ))}
    </div>
  );
}
