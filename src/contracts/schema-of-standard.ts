import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import { rebaseReferences } from "./rebase-references.ts";

/** Whose schema is described, and how. */
export interface StandardSchemaPlace {
  /** Its name among the shared schemas, should it refer to parts of itself. */
  readonly name: string;
  readonly side: "input" | "output";
  readonly schemas: SchemaRegistry;
}

/** What a Standard Schema says of itself as JSON Schema. `{}` with a description that says why, where its library says nothing. */
export function schemaOfStandard(schema: StandardSchemaV1, { name, side, schemas }: StandardSchemaPlace): JsonSchema {
  const { vendor } = schema["~standard"];
  if (!saysJsonSchema(schema))
    return { description: `Not described: this schema of ${vendor} does not give itself as JSON Schema.` };
  try {
    const { $schema: _draft, ...described } = schema["~standard"].jsonSchema[side]({ target: "draft-2020-12" });
    if (!refersToItself(described)) return described;
    return schemas.addReferring(name, (reference) => rebaseReferences(described, "#", reference));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { description: `Not described: ${vendor} says "${reason}".` };
  }
}

function saysJsonSchema(schema: StandardSchemaV1): schema is StandardSchemaV1 & StandardJSONSchemaV1 {
  return "jsonSchema" in schema["~standard"];
}

function refersToItself(schema: JsonSchema): boolean {
  return JSON.stringify(schema).includes('"$ref":"#');
}
