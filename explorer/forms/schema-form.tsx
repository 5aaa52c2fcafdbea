import { type ReactElement, useMemo } from "react";
import type { JsonSchema } from "../../src/protocol/json-schema.ts";
import { AnyField } from "./any-field.tsx";
import { childId } from "./child-id.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { errorTreeOf, NO_ERRORS, placeInData, unplacedErrors } from "./error-tree.ts";
import { fieldLabel } from "./field-label.ts";
import { type FieldShape, type Property, readField } from "./field-shape.ts";
import { isRecord } from "./is-record.ts";
import { ObjectMembers } from "./object-members.tsx";
import type { Schemas } from "./resolve-schema.ts";
import { SchemasContext } from "./schemas-context.ts";

export interface SchemaFormProps {
  /** What is asked for: the input of an action, or its `data` alone. */
  readonly schema: JsonSchema;
  /** Those that references name. */
  readonly schemas: Schemas;
  /** As `initialValue` gives it first. It may hold `Unfinished` text: see `unfinishedIn`. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** The `errors` of the answer to what was sent last, or null. */
  readonly errors: unknown;
  /** Stands before all ids of the form: unique in the page. */
  readonly idPrefix: string;
  /** Properties that stand elsewhere in the page. */
  readonly omit?: readonly string[];
}

/** The fields of a request, made from its schema, with what the server said of each. Put it into a `<form noValidate>`. */
export function SchemaForm(props: SchemaFormProps): ReactElement {
  const { schema, schemas, value, onChange, errors, idPrefix, omit = [] } = props;
  const { schema: own, shape } = useMemo(() => readField(schema, schemas), [schema, schemas]);
  const properties = shape.kind === "object" ? shape.properties.filter(({ name }) => !omit.includes(name)) : null;
  const tree = useMemo(() => placed(errors, shape, schemas), [errors, shape, schemas]);
  const summary =
    properties === null
      ? []
      : [
          ...tree.messages,
          ...unplacedErrors(
            tree,
            properties.map(({ name }) => name),
          ),
        ];
  return (
    <SchemasContext value={schemas}>
      <div className="schema-form">
        <ErrorSummary id={childId(idPrefix, "summary")} messages={summary} />
        {properties === null ? (
          <AnyField
            name={fieldLabel("Arguments", own)}
            label={fieldLabel("Arguments", own)}
            schema={schema}
            value={value}
            onChange={onChange}
            isRequired={false}
            errors={tree}
            id={childId(idPrefix, "value")}
          />
        ) : (
          <ObjectMembers
            properties={properties}
            value={isRecord(value) ? value : {}}
            onChange={onChange}
            errors={tree}
            id={idPrefix}
          />
        )}
        {properties?.length === 0 ? <p className="sf-soft sf-empty">There is nothing to fill in.</p> : null}
      </div>
    </SchemasContext>
  );
}

function placed(errors: unknown, shape: FieldShape, schemas: Schemas) {
  const tree = errors === null ? NO_ERRORS : errorTreeOf(errors);
  if (shape.kind !== "object") return tree;
  return placeInData(
    tree,
    shape.properties.map(({ name }) => name),
    namesOf(
      shape.properties.find(({ name }) => name === "data"),
      schemas,
    ),
  );
}

function namesOf(data: Property | undefined, schemas: Schemas): readonly string[] {
  const shape = data === undefined ? null : readField(data.schema, schemas).shape;
  return shape?.kind === "object" ? shape.properties.map(({ name }) => name) : [];
}
