import type { Projection } from "../models/compile-select.ts";
import { ImproperlyConfigured, ValidationError } from "../protocol/exceptions.ts";
import { compileFields, type CompiledFields } from "./compiled-fields.ts";
import { asSerializerErrors, type SerializerErrors } from "./error-list.ts";
import type { Field, MaybePromise } from "./fields/field.ts";
import type { FieldSchema } from "./field-schema.ts";
import { batchValues, representRow, representRows, type BatchedValues } from "./represent-rows.ts";
import { emptyContext, type SerializerContext } from "./serializer-context.ts";
import { SerializerDeclaration } from "./serializer-declaration.ts";
import type { SerializerOptions } from "./serializer-options.ts";
import { readOnlyDefaults, validateFields } from "./validate-fields.ts";
import { runValidators } from "./validators/validator.ts";

interface Outcome {
  readonly validated: object | null;
  readonly errors: SerializerErrors;
}

/**
 * Takes rows to what clients see, and what clients send to rows. Made by `Serializer` or `ModelSerializer`, then extended: override
 * `validate`, `validate<FieldName>`, `create`, `update`, `toRepresentation`, `toInternalValue` or `getFields`.
 *
 * ```ts
 * const serializer = new UserSerializer({ data });
 * await serializer.isValid({ raiseException: true });
 * const user = await serializer.save();
 * const answer = await serializer.toData();
 * ```
 *
 * Behaviour and messages: Django REST Framework, `rest_framework/serializers.py`.
 */
export class BaseSerializer<Row extends object, Out extends object, In extends object, Validated extends object = In> {
  static readonly declaration: SerializerDeclaration = new SerializerDeclaration({});

  /** For the type system only: the row, what answers hold, what a client sends (whole or `partial`), what `create` gets. */
  declare readonly types: { row: Row; out: Out; in: In; partial: Partial<In>; validated: Validated };

  readonly partial: boolean;
  readonly context: SerializerContext;
  readonly initialData: unknown;
  readonly #hasData: boolean;
  #instance: Row | null;
  #outcome: Outcome | null = null;
  #fields: CompiledFields | null = null;
  #batches: BatchedValues | null = null;

  constructor(options: SerializerOptions<Row> = {}) {
    this.#instance = options.instance ?? null;
    this.#hasData = "data" in options;
    this.initialData = options.data;
    this.partial = options.partial ?? false;
    this.context = options.context ?? emptyContext;
  }

  /** Names of the fields that are never sent to a client. */
  static get writeOnlyFieldNames(): readonly string[] {
    return this.declaration.namesOf((field) => field.writeOnly);
  }

  /** Names of the fields that answers hold, in order. */
  static get readableFieldNames(): readonly string[] {
    return this.declaration.namesOf((field) => !field.writeOnly);
  }

  /** The fields described as data, for API descriptions and forms. */
  static fieldSchema(): readonly FieldSchema[] {
    return this.declaration.schema;
  }

  /** Many rows as answers hold them, with one query per relation instead of one per row. */
  static async representMany(rows: readonly object[], context: SerializerContext = emptyContext): Promise<object[]> {
    if (overridesFields(this.prototype))
      return Promise.all(rows.map(async (row) => new this({ instance: row, context }).toRepresentation(row)));
    const { compiled, model } = this.declaration;
    const batches = await batchValues(compiled, rows, new this({ context }), model);
    if (!overridesRows(this)) return representRows(compiled, rows, new this({ context }), batches);
    return Promise.all(
      rows.map(async (row) => {
        const serializer = new this({ instance: row, context });
        serializer.#batches = batches;
        return serializer.toRepresentation(row);
      }),
    );
  }

  /** The columns whose JSON the database can build itself; null when anything but plain columns is shown. Same bytes as `representMany`. */
  static compiledProjection(): Projection | null {
    return overridesRows(this) ? null : this.declaration.projection;
  }

  /** The row that is shown or changed; after `save()` the saved one. */
  get instance(): Row | null {
    return this.#instance;
  }

  /**
   * The fields of this serializer, copies that may be changed: `const fields = super.getFields(); fields.password.required = false`.
   * Called at most once per serializer, and only where it is overridden.
   */
  getFields(): Record<(keyof Out | keyof In) & string, Field>;
  getFields(): Record<string, Field> {
    return this.declaration.cloneFields();
  }

  /** Validates `data` once. False when there are errors; with `raiseException` a ValidationError (400) that holds them. */
  async isValid(options: { readonly raiseException?: boolean } = {}): Promise<boolean> {
    this.#outcome ??= await this.#validateData();
    const { errors, validated } = this.#outcome;
    if (validated === null && options.raiseException) throw new ValidationError(errors);
    return validated !== null;
  }

  /** Messages by field name, empty when the data is valid. Nested serializers have an object, or a list of them, in place of messages. */
  get errors(): SerializerErrors {
    return this.#settled("errors").errors;
  }

  /** What came out of validation: the input of `create` and `update`. */
  get validatedData(): Validated {
    const { validated } = this.#settled("validatedData");
    if (validated !== null) return this.#asValidated(validated);
    throw new ImproperlyConfigured(
      `${this.constructor.name}: validatedData was read although the data is not valid. Check isValid() first.`,
    );
  }

  /**
   * Writes the validated data through `update` when there is an instance, else through `create`.
   *
   * @param extra values that the server adds: `save({ ownerId: user.id })`. They win over what the client sent.
   */
  async save(extra: Readonly<Record<string, unknown>> = {}): Promise<Row> {
    const validated = this.#asValidated({ ...this.validatedData, ...extra });
    const instance = this.#instance;
    this.#instance = instance === null ? await this.create(validated) : await this.update(instance, validated);
    return this.#instance;
  }

  /** What the answer holds: the instance, or without one the validated data. */
  async toData(): Promise<Out> {
    const shown = this.#instance ?? this.#shownWithoutInstance();
    return this.toRepresentation(shown);
  }

  /** Converts and checks a whole object. @throws ValidationError whose detail holds messages by field name. */
  async runValidation(data: unknown): Promise<Validated> {
    try {
      const attributes = await this.toInternalValue(data);
      await runValidators(this.declaration.validators, { ...readOnlyDefaults(this.compiledFields, this), ...attributes }, this);
      return this.#asValidated(await this.validate(this.#asValidated(attributes)));
    } catch (error) {
      if (error instanceof ValidationError) throw new ValidationError(asSerializerErrors(error));
      throw error;
    }
  }

  /** Checks that need several fields. Return the attributes; throw `ValidationError` with a message or with `{ field: message }`. */
  validate(attributes: Validated): MaybePromise<object> {
    return attributes;
  }

  /** Converts and checks field by field; override it to take another shape. */
  toInternalValue(data: unknown): MaybePromise<object> {
    return validateFields(this.compiledFields, data, this);
  }

  /** What answers hold for a row. A promise when a field has to ask the database. */
  toRepresentation(row: Row): MaybePromise<Out>;
  toRepresentation(row: object): MaybePromise<object> {
    const fields = this.compiledFields;
    if (fields.batched.length === 0) return representRow(fields, row, this);
    if (this.#batches !== null) return representRow(fields, row, this, this.#batches);
    return batchValues(fields, [row], this, this.declaration.model).then((batches) => representRow(fields, row, this, batches));
  }

  /** Makes the row. */
  create(_validated: Validated): Promise<Row> {
    throw new ImproperlyConfigured(`${this.constructor.name}: save() makes a row, so it needs create(validated). Override it.`);
  }

  /** Changes the row; `validated` holds only what was sent. */
  update(_row: Row, _validated: Partial<Validated>): Promise<Row> {
    throw new ImproperlyConfigured(
      `${this.constructor.name}: save() changes a row, so it needs update(row, validated). Override it.`,
    );
  }

  protected get declaration(): SerializerDeclaration {
    return declarationOf(this);
  }

  /** The fields of the class, or this serializer's own where `getFields()` is overridden. */
  protected get compiledFields(): CompiledFields {
    this.#fields ??= overridesFields(this) ? compileFields(this.getFields(), this.declaration.model) : this.declaration.compiled;
    return this.#fields;
  }

  async #validateData(): Promise<Outcome> {
    if (!this.#hasData)
      throw new ImproperlyConfigured(`${this.constructor.name}: isValid() needs data. Make the serializer with { data }.`);
    try {
      return { validated: await this.runValidation(this.initialData), errors: {} };
    } catch (error) {
      if (error instanceof ValidationError) return { validated: null, errors: asSerializerErrors(error) };
      throw error;
    }
  }

  #settled(member: string): Outcome {
    if (this.#outcome !== null) return this.#outcome;
    throw new ImproperlyConfigured(`${this.constructor.name}: ${member} was read before isValid(). Await isValid() first.`);
  }

  #shownWithoutInstance(): Row {
    const validated: object = this.validatedData;
    return this.#asRow(validated);
  }

  // Fields are declared at run time, so that their names and types meet the type parameters only here.
  #asValidated(attributes: object): Validated {
    return attributes as Validated;
  }

  #asRow(validated: object): Row {
    return validated as Row;
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its types, as a constraint
export type AnySerializer = BaseSerializer<any, any, any, any>;

/** A class of serializers, as consumers take it. */
export interface SerializerClass<S extends AnySerializer = AnySerializer> {
  new (options?: SerializerOptions<S["types"]["row"]>): S;
  readonly declaration: SerializerDeclaration;
  readonly writeOnlyFieldNames: readonly string[];
  readonly readableFieldNames: readonly string[];
  fieldSchema(): readonly FieldSchema[];
  representMany(rows: readonly object[], context?: SerializerContext): Promise<S["types"]["out"][]>;
  compiledProjection(): Projection | null;
}

function declarationOf(serializer: object): SerializerDeclaration {
  const { declaration }: { declaration?: unknown } = Object(serializer.constructor);
  if (declaration instanceof SerializerDeclaration) return declaration;
  throw new ImproperlyConfigured(
    `${serializer.constructor.name}: expected a class made by Serializer(...) or ModelSerializer(...).`,
  );
}

function overridesFields(serializer: { readonly getFields: unknown }): boolean {
  return serializer.getFields !== BaseSerializer.prototype.getFields;
}

/** Whether rows may look different from what the class's fields say. */
function overridesRows(kind: {
  readonly prototype: { readonly getFields: unknown; readonly toRepresentation: unknown };
}): boolean {
  return overridesFields(kind.prototype) || kind.prototype.toRepresentation !== BaseSerializer.prototype.toRepresentation;
}
