import { DataError, FieldError, IntegrityError } from "../models/errors.ts";
import type { AnyModel } from "../models/model.ts";
import { Http404, ImproperlyConfigured } from "../protocol/exceptions.ts";
import { BaseSerializer } from "./base-serializer.ts";
import { NestedField } from "./fields/nested-field.ts";
import { dataErrorToValidation, fieldErrorToValidation } from "./field-errors.ts";
import { integrityToValidation } from "./integrity-errors.ts";
import { writeRelations } from "./write-relations.ts";

/** A serializer of a model's rows: `create` inserts, `update` changes. Made by `ModelSerializer`. */
export class BaseModelSerializer<
  Row extends object,
  Out extends object,
  In extends object,
  Validated extends object = In,
> extends BaseSerializer<Row, Out, In, Validated> {
  /** Inserts the row and writes its many-to-many relations, both or neither. */
  override create(validated: Validated): Promise<Row>;
  override async create(validated: object): Promise<object> {
    this.#assertNoNestedWrites("create(validated)", validated);
    const { values, relations } = this.#split(validated);
    if (relations.length === 0) return this.model.objects.create(values);
    return this.model.database.atomic(async () => {
      const row: object = await this.model.objects.create(values);
      await writeRelations(this.model, row, relations);
      return row;
    });
  }

  /**
   * Changes the given columns and relations, both or neither; others keep their values. The primary key of a row never changes. With nothing
   * to change the row is written as it is, so that those who watch it hear of the save (DRF).
   *
   * @throws Http404 when the row is gone.
   */
  override update(row: Row, validated: Partial<Validated>): Promise<Row>;
  override async update(row: object, validated: object): Promise<object> {
    this.#assertNoNestedWrites("update(row, validated)", validated);
    const { values, relations } = this.#split(validated);
    if (relations.length === 0) return this.#updateRow(row, values);
    return this.model.database.atomic(async () => {
      const updated = await this.#updateRow(row, values);
      await writeRelations(this.model, updated, relations);
      return updated;
    });
  }

  /** Writes the validated data. What its column cannot hold, or a constraint of the database refuses, becomes a ValidationError (400) on its field. */
  override async save(extra: Readonly<Record<string, unknown>> = {}): Promise<Row> {
    try {
      return await super.save(extra);
    } catch (error) {
      if (error instanceof FieldError) throw fieldErrorToValidation(error, this.compiledFields);
      const write = { model: this.model, fields: this.compiledFields, validated: { ...this.validatedData, ...extra } };
      if (error instanceof DataError) throw dataErrorToValidation(error, write) ?? error;
      throw error instanceof IntegrityError ? await integrityToValidation(error, write) : error;
    }
  }

  protected get model(): AnyModel {
    const { model } = this.declaration;
    if (model !== null) return model;
    throw new ImproperlyConfigured(`${this.constructor.name}: expected a class made by ModelSerializer(model, options).`);
  }

  async #updateRow(row: object, values: Readonly<Record<string, unknown>>): Promise<object> {
    const { pk } = this.model;
    const key: unknown = Reflect.get(row, pk.name);
    const { [pk.name]: _unchanged, ...changes } = values;
    const written = Object.keys(changes).length > 0 ? changes : { [pk.name]: key };
    const [updated] = await this.model.objects.filterUntrusted({ [pk.name]: key }).updateReturning(written);
    if (updated === undefined) throw new Http404();
    return updated;
  }

  #split(validated: object): {
    readonly values: Record<string, unknown>;
    readonly relations: readonly [string, readonly unknown[]][];
  } {
    const values: Record<string, unknown> = {};
    const relations: [string, readonly unknown[]][] = [];
    for (const [name, value] of Object.entries(validated)) {
      if (!Object.hasOwn(this.model.relations, name)) values[name] = value;
      else if (Array.isArray(value)) relations.push([name, value]);
    }
    return { values, relations };
  }

  #assertNoNestedWrites(hook: string, validated: object): void {
    const nested = this.compiledFields.writable.find(
      ({ field, target: [head, ...rest] }) =>
        head !== undefined && head in validated && (rest.length > 0 || field instanceof NestedField),
    );
    if (nested === undefined) return;
    throw new ImproperlyConfigured(
      `${this.constructor.name}: "${nested.name}" is a nested value, which the default ${hook} cannot write. Override it, or make the field readOnly.`,
    );
  }
}
