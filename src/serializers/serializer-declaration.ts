import type { AnyModel } from "../models/model.ts";
import type { Projection } from "../models/compile-select.ts";
import { compileFields, type CompiledFields } from "./compiled-fields.ts";
import { projectionOf } from "./projection-of.ts";
import { schemaOfField, type FieldSchema } from "./field-schema.ts";
import type { Field } from "./fields/field.ts";
import type { Validator } from "./validators/validator.ts";

/** What a serializer class was declared with; shared by the class and its subclasses. */
export class SerializerDeclaration {
  readonly fields: Readonly<Record<string, Field>>;
  readonly model: AnyModel | null;
  /** Checks of the whole validated object. */
  readonly validators: readonly Validator[];
  #compiled: CompiledFields | null = null;
  #projection: Projection | null | undefined;

  constructor(fields: Readonly<Record<string, Field>>, model: AnyModel | null = null, validators: readonly Validator[] = []) {
    this.fields = fields;
    this.model = model;
    this.validators = validators;
  }

  /** Sorted once, at first use: by then every model that a relation names exists. */
  get compiled(): CompiledFields {
    this.#compiled ??= compileFields(this.fields, this.model);
    return this.#compiled;
  }

  /** The columns that answers hold, when they hold nothing else. */
  get projection(): Projection | null {
    if (this.#projection === undefined) this.#projection = projectionOf(this.compiled, this.model);
    return this.#projection;
  }

  get schema(): readonly FieldSchema[] {
    return Object.entries(this.fields).map(([name, field]) => schemaOfField(name, field));
  }

  namesOf(matches: (field: Field) => boolean): readonly string[] {
    return Object.keys(this.fields).filter((name) => {
      const field = this.fields[name];
      return field !== undefined && matches(field);
    });
  }

  /** Copies of the fields, for a serializer that changes them. */
  cloneFields(): Record<string, Field> {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.clone()]));
  }
}
