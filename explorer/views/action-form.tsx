import type { ActionContract } from "restwave/contracts";
import { propertiesOf, type Schemas } from "../contract/resource-shape.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import type { JsonObject } from "../wire/json.ts";
import { isObject } from "../wire/json.ts";
import { dataSchemaOf } from "./action-args.ts";

interface ActionFormProps {
  readonly action: ActionContract;
  readonly schemas: Schemas;
  readonly args: JsonObject;
  readonly onChange: (args: JsonObject) => void;
  /** The `errors` of the last answer. */
  readonly errors: readonly unknown[] | null;
  readonly idPrefix: string;
  /** Arguments that are given and not shown. */
  readonly fixed: readonly string[];
}

/** The fields of an action's arguments; of a row to write its fields stand alone, as people know them. */
export function ActionForm({ action, schemas, args, onChange, errors, idPrefix, fixed }: ActionFormProps) {
  const data = dataSchemaOf(action, schemas);
  const names = Object.keys(propertiesOf(action.input, schemas));
  const omit = data === null ? fixed : [...fixed, "data"];
  const take = (value: unknown): void => onChange(isObject(value) ? value : {});
  const isWhole = names.length === 0 && data === null;
  if (isWhole && action.input["type"] === "object" && action.input["description"] === undefined)
    return <p className="muted">This action takes no arguments.</p>;
  if (data === null && !isWhole && names.every((name) => omit.includes(name)))
    return <p className="muted">Nothing else is asked for.</p>;
  return (
    <>
      {(isWhole || names.some((name) => !omit.includes(name))) && (
        <SchemaForm
          schema={action.input}
          schemas={schemas}
          value={args}
          onChange={take}
          errors={errors}
          idPrefix={idPrefix}
          omit={omit}
        />
      )}
      {data !== null && (
        <SchemaForm
          schema={data}
          schemas={schemas}
          value={args["data"] ?? {}}
          onChange={(value) => onChange({ ...args, data: value })}
          errors={errors}
          idPrefix={`${idPrefix}-data`}
        />
      )}
    </>
  );
}
