import { type ReactElement, useContext, useMemo } from "react";
import { ControlField } from "./control-field.tsx";
import type { FieldProps } from "./field-props.ts";
import { readField } from "./field-shape.ts";
import { isRecord } from "./is-record.ts";
import { ListField } from "./list-field.tsx";
import { ObjectField } from "./object-field.tsx";
import { SchemasContext } from "./schemas-context.ts";
import { VariantsField } from "./variants-field.tsx";

/** A field of whatever its schema says. A value that its controls could not show is edited as JSON. */
export function AnyField(props: FieldProps): ReactElement {
  const schemas = useContext(SchemasContext);
  const { schema, value } = props;
  const field = useMemo(() => readField(schema, schemas), [schema, schemas]);
  const { shape } = field;
  const isEmpty = value === undefined || value === null;
  if (shape.kind === "variants") return <VariantsField {...props} field={field} variants={shape.variants} />;
  if (shape.kind === "list" && (isEmpty || Array.isArray(value)))
    return <ListField {...props} field={field} items={shape.items} />;
  if (shape.kind === "object" && (isEmpty || isRecord(value)))
    return <ObjectField {...props} field={field} properties={shape.properties} />;
  return <ControlField {...props} field={field} />;
}
