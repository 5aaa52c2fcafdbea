import type { AnyModel } from "../models/model.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { Field } from "../serializers/fields/field.ts";
import { HiddenField } from "../serializers/fields/hidden-field.ts";
import type { NestedField } from "../serializers/fields/nested-field.ts";
import { schemaOfField } from "./schema-of-field.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import { type SerializerKind, serializerKindOf } from "./serializer-kind.ts";

/** A serializer in one of its roles: what answers hold, what a client sends for a whole row, or for a part of one. */
export type SerializerRole = "out" | "in" | "partial";

const SUFFIXES = { out: "", in: "Input", partial: "Patch" };

/** Describes serializers as JSON Schema: each role once, shared by all that name it. */
export class SerializerSchemas {
  readonly #schemas: SchemaRegistry;
  readonly #fieldsOf: (kind: SerializerKind) => Readonly<Record<string, Field>>;

  /** @param fieldsOf the fields that a serializer has for whoever asks. */
  constructor(schemas: SchemaRegistry, fieldsOf: (kind: SerializerKind) => Readonly<Record<string, Field>>) {
    this.#schemas = schemas;
    this.#fieldsOf = fieldsOf;
  }

  /** A reference to the schema of a serializer's role. `UserSerializer` gives `User`, `UserInput` and `UserPatch`. */
  of(kind: SerializerKind, role: SerializerRole): JsonSchema {
    const name = kind.name.replace(/Serializer$/, "") || "Object";
    return this.#schemas.add(name + SUFFIXES[role], this.#objectSchema(kind, role));
  }

  /** The names under which a 400 to data of this serializer can have messages. */
  writableNames(kind: SerializerKind): readonly string[] {
    return Object.entries(this.#fieldsOf(kind)).flatMap(([name, field]) => (isSent(field) ? [name] : []));
  }

  #objectSchema(kind: SerializerKind, role: SerializerRole): JsonSchema {
    const { model } = kind.declaration;
    const isShown = role === "out";
    const fields = Object.entries(this.#fieldsOf(kind)).filter(([, field]) => (isShown ? !field.writeOnly : isSent(field)));
    const place = {
      direction: isShown ? "out" : "in",
      model,
      nested: (field: NestedField) => this.#nested(field, role),
    } as const;
    const properties = fields.map(([name, field]) => [name, schemaOfField(field, { ...place, name })]);
    const required = fields.filter(([, field]) => (isShown ? isAlwaysShown(field, model) : field.required && role === "in"));
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required: required.map(([name]) => name) }),
    };
  }

  #nested(field: NestedField, role: SerializerRole): JsonSchema {
    const kind = serializerKindOf(field.serializerClass);
    return kind === null ? { type: "object" } : this.of(kind, role);
  }
}

function isSent(field: Field): boolean {
  return !field.readOnly && !(field instanceof HiddenField);
}

/** A row of a model has all its columns; of another object an optional property may be missing. */
function isAlwaysShown(field: Field, model: AnyModel | null): boolean {
  return model !== null || field.required || field.readOnly || field.hasDefault || field.allowNull;
}
