import { ValidationError } from "../../protocol/exceptions.ts";
import { codePointLength, pythonText, stripWhitespace } from "../python-text.ts";
import { EMPTY } from "./outcome.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";

export interface CharFieldOptions extends FieldOptions<string> {
  /** Whether `""` is a value. Default false. */
  readonly allowBlank?: boolean;
  /** Whether white space at both ends is removed. Default true. */
  readonly trimWhitespace?: boolean;
  /** In code points. */
  readonly minLength?: number;
  /** In code points. */
  readonly maxLength?: number;
}

/** Text. Takes numbers too (they become their text), booleans never. */
export class CharField<const O extends CharFieldOptions = CharFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    invalid: "Not a valid string.",
    blank: "This field may not be blank.",
    max_length: "Ensure this field has no more than {max_length} characters.",
    min_length: "Ensure this field has at least {min_length} characters.",
  };
  declare readonly types: FieldTypesOf<O, string>;

  allowBlank: boolean;
  trimWhitespace: boolean;
  minLength: number | null;
  maxLength: number | null;

  constructor(options?: O) {
    const given: CharFieldOptions = options ?? {};
    super(given);
    this.allowBlank = given.allowBlank ?? false;
    this.trimWhitespace = given.trimWhitespace ?? true;
    this.minLength = given.minLength ?? null;
    this.maxLength = given.maxLength ?? null;
    this.addLengthChecks(this.minLength, this.maxLength);
    this.validators.push(refuseNullCharacters, refuseLoneSurrogates);
  }

  override runValidation(data: unknown, scope: FieldScope): unknown {
    if (data !== EMPTY && this.isBlank(data)) {
      if (!this.allowBlank) this.fail("blank");
      return "";
    }
    return super.runValidation(data, scope);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    if (typeof data !== "string" && typeof data !== "bigint" && !Number.isFinite(data)) this.fail("invalid");
    const text = pythonText(data);
    return this.trimWhitespace ? stripWhitespace(text) : text;
  }

  override toRepresentation(value: unknown, _scope: FieldScope): unknown {
    return pythonText(value);
  }

  private isBlank(data: unknown): boolean {
    if (typeof data !== "string") return false;
    return data === "" || (this.trimWhitespace && stripWhitespace(data) === "");
  }

  private addLengthChecks(minLength: number | null, maxLength: number | null): void {
    if (maxLength !== null) this.validators.push((value) => this.checkMaxLength(String(value), maxLength));
    if (minLength !== null) this.validators.push((value) => this.checkMinLength(String(value), minLength));
  }

  private checkMaxLength(value: string, maxLength: number): void {
    // A text has at most as many code points as units, so the count is needed for long texts only.
    if (value.length > maxLength && codePointLength(value) > maxLength) this.fail("max_length", { max_length: maxLength });
  }

  private checkMinLength(value: string, minLength: number): void {
    if (codePointLength(value) < minLength) this.fail("min_length", { min_length: minLength });
  }
}

function refuseNullCharacters(value: unknown): void {
  if (String(value).includes("\0"))
    throw new ValidationError(["Null characters are not allowed."], "null_characters_not_allowed");
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function refuseLoneSurrogates(value: unknown): void {
  const found = LONE_SURROGATE.exec(String(value));
  if (found === null) return;
  const codePoint = found[0].charCodeAt(0).toString(16).toUpperCase();
  throw new ValidationError([`Surrogate characters are not allowed: U+${codePoint}.`], "surrogate_characters_not_allowed");
}
