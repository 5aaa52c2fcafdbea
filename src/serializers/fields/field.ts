import { ImproperlyConfigured, ValidationError } from "../../protocol/exceptions.ts";
import type { JsonSchema } from "../../protocol/json-schema.ts";
import { runValidators, type Validator } from "../validators/validator.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypes } from "./field-types.ts";
import { EMPTY, SKIP } from "./outcome.ts";

/** Options that every field takes. */
export interface FieldOptions<Value = unknown> {
  /** In answers only; what a client sends for it is ignored. Default false. */
  readonly readOnly?: boolean;
  /** Taken from the client, never sent. Default false. */
  readonly writeOnly?: boolean;
  /** Whether the key must be sent, unless the change is partial. Default: true, false with `default` or `readOnly`. */
  readonly required?: boolean;
  /** The value when the key was not sent, or a function that makes it. Not used when a row is changed: it keeps what it has. */
  readonly default?: unknown;
  /** Whether null is a value. Default false. */
  readonly allowNull?: boolean;
  /** Where the value lives in the row: a name, a dotted path, or `*` for the whole row. Default: the field's own name. */
  readonly source?: string;
  /** A name for people. Default: made from the field's name. */
  readonly label?: string;
  readonly helpText?: string;
  /** What an empty form starts with; not used in validation. */
  readonly initial?: unknown;
  /** Checks that run after conversion; each throws `ValidationError`. */
  readonly validators?: readonly Validator<Value>[];
  /** What API descriptions say of its values, in place of what follows from its class. Nothing is checked by it. */
  readonly jsonSchema?: JsonSchema;
  /** Messages by code, in place of the built-in ones; `{max_length}`-like names are filled in. */
  readonly errorMessages?: Readonly<Record<string, string>>;
}

/** A subclass's conversion either finished or has to ask someone. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * One value of a serializer: how it is taken from a client, checked, and shown. Subclass it and override `toInternalValue` and
 * `toRepresentation`, and declare `types`. Keep state in ordinary properties (not `#private` ones): a serializer that overrides
 * `getFields()` works on copies.
 *
 * Rules and messages: Django REST Framework, `rest_framework/fields.py`.
 */
export class Field {
  static readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    required: "This field is required.",
    null: "This field may not be null.",
  };

  declare readonly types: FieldTypes;

  readOnly: boolean;
  writeOnly: boolean;
  required: boolean;
  allowNull: boolean;
  default: unknown;
  source: string | null;
  label: string | null;
  helpText: string | null;
  initial: unknown;
  validators: Validator[];
  jsonSchema: JsonSchema | null;
  errorMessages: Readonly<Record<string, string>>;

  /** @throws ImproperlyConfigured for options that contradict each other. */
  constructor(options: FieldOptions = {}) {
    assertConsistent(new.target.name, options);
    this.readOnly = options.readOnly ?? false;
    this.writeOnly = options.writeOnly ?? false;
    this.default = "default" in options ? options.default : EMPTY;
    this.required = options.required ?? (this.default === EMPTY && !this.readOnly);
    this.allowNull = options.allowNull ?? false;
    this.source = options.source ?? null;
    this.label = options.label ?? null;
    this.helpText = options.helpText ?? null;
    this.initial = options.initial ?? null;
    this.validators = [...(options.validators ?? [])];
    this.jsonSchema = options.jsonSchema ?? null;
    this.errorMessages = { ...new.target.defaultErrorMessages, ...options.errorMessages };
  }

  /** The row's value from the client's; throws through `fail` what cannot be converted. Never gets null. */
  toInternalValue(data: unknown, _scope: FieldScope): unknown {
    return data;
  }

  /** What answers hold for the row's value. Never gets null. May be a promise. */
  toRepresentation(value: unknown, _scope: FieldScope): unknown {
    return value;
  }

  /** Whether lists of rows are to call `representMany` once for all their values, as a field does that asks the database. */
  get batches(): boolean {
    return false;
  }

  /** What answers hold for many values, one of each row; null stays null. */
  representMany(values: readonly unknown[], scope: FieldScope): unknown[] | Promise<unknown[]> {
    const represented = values.map((value) =>
      value === null || value === undefined ? null : this.toRepresentation(value, scope),
    );
    return represented.some((value) => value instanceof Promise) ? Promise.all(represented) : represented;
  }

  /**
   * Converts and checks what came from the client (`EMPTY` when the key was not sent).
   *
   * @returns the validated value, `SKIP` when there is none to set, or a promise of either.
   * @throws ValidationError
   */
  runValidation(data: unknown, scope: FieldScope): unknown {
    if (data === EMPTY) return this.missingValue(scope);
    if (data === null || data === undefined) return this.nullValue();
    const value = this.toInternalValue(data, scope);
    if (value instanceof Promise) return value.then((settled: unknown) => this.checked(settled, scope));
    return this.checked(value, scope);
  }

  get hasDefault(): boolean {
    return this.default !== EMPTY;
  }

  /** The default, called if it is a function; `SKIP` when there is none or a row is changed. */
  getDefault({ partial, instance }: FieldScope): unknown {
    const isChange = partial || (instance !== null && instance !== undefined);
    if (this.default === EMPTY || isChange) return SKIP;
    return typeof this.default === "function" ? this.default() : this.default;
  }

  /** @throws ValidationError with the message of that code. */
  fail(code: string, values: Readonly<Record<string, unknown>> = {}): never {
    throw new ValidationError([this.message(code, values)], code);
  }

  /** A copy that can be changed without changing this one. */
  clone(): this {
    const copy: this = Object.assign(Object.create(Object.getPrototypeOf(this)), this);
    copy.validators = [...this.validators];
    return copy;
  }

  protected message(code: string, values: Readonly<Record<string, unknown>>): string {
    const template = this.errorMessages[code];
    if (template === undefined) {
      throw new ImproperlyConfigured(
        `${this.constructor.name} has no error message "${code}". Add it to the class's defaultErrorMessages.`,
      );
    }
    return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
  }

  protected missingValue(scope: FieldScope): unknown {
    if (scope.partial) return SKIP;
    if (this.required) this.fail("required");
    return this.getDefault(scope);
  }

  protected nullValue(): unknown {
    if (!this.allowNull) this.fail("null");
    return null;
  }

  private checked(value: unknown, scope: FieldScope): unknown {
    if (this.validators.length === 0) return value;
    const pending = runValidators(this.validators, value, scope);
    return pending instanceof Promise ? pending.then(() => value) : value;
  }
}

function assertConsistent(field: string, options: FieldOptions): void {
  const { readOnly, writeOnly, required } = options;
  if (readOnly && writeOnly) {
    throw new ImproperlyConfigured(`${field}: readOnly and writeOnly exclude each other. Keep one of them.`);
  }
  if (readOnly && required) {
    throw new ImproperlyConfigured(
      `${field}: a readOnly field is never sent by a client, so it cannot be required. Remove one of the two.`,
    );
  }
  if (required && "default" in options) {
    throw new ImproperlyConfigured(
      `${field}: a required field is always sent, so its default would never be used. Remove one of the two.`,
    );
  }
}
