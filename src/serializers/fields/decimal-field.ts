import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import { pythonText, stripWhitespace } from "../python-text.ts";
import { compareDecimals, decimalSize, formatDecimal, parseDecimal, plainDecimal, type Decimal } from "./decimal.ts";
import { Field, type FieldOptions } from "./field.ts";
import type { FieldScope } from "./field-scope.ts";
import type { FieldTypesOf } from "./field-types.ts";
import { MAX_NUMBER_TEXT, numberBoundMessages, type NumberBounds } from "./number-bounds.ts";

export interface DecimalFieldOptions extends FieldOptions<string>, NumberBounds<number | string> {
  /** Digits in all, those after the point included. Default: no limit. */
  readonly maxDigits?: number;
  /** Digits after the point; rows and answers always have exactly so many. Default: as many as were sent. */
  readonly decimalPlaces?: number;
}

/** An exact decimal number, a string such as `"3.00"` in rows and answers. Takes numbers and their text. */
export class DecimalField<const O extends DecimalFieldOptions = DecimalFieldOptions> extends Field {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...Field.defaultErrorMessages,
    ...numberBoundMessages,
    invalid: "A valid number is required.",
    max_digits: "Ensure that there are no more than {max_digits} digits in total.",
    max_decimal_places: "Ensure that there are no more than {max_decimal_places} decimal places.",
    max_whole_digits: "Ensure that there are no more than {max_whole_digits} digits before the decimal point.",
  };
  declare readonly types: FieldTypesOf<O, string, string, string | number>;

  maxDigits: number | null;
  decimalPlaces: number | null;
  minValue: number | string | null;
  maxValue: number | string | null;

  constructor(options?: O) {
    const given: DecimalFieldOptions = options ?? {};
    super(given);
    this.maxDigits = given.maxDigits ?? null;
    this.decimalPlaces = given.decimalPlaces ?? null;
    this.minValue = given.minValue ?? null;
    this.maxValue = given.maxValue ?? null;
    this.addBound("max_value", this.maxValue, 1);
    this.addBound("min_value", this.minValue, -1);
  }

  override toInternalValue(data: unknown, _scope: FieldScope): unknown {
    if (typeof data === "object" || typeof data === "boolean") this.fail("invalid");
    const text = stripWhitespace(pythonText(data));
    if (text.length > MAX_NUMBER_TEXT) this.fail("max_string_length");
    const value = parseDecimal(text) ?? this.fail("invalid");
    this.checkSize(value);
    return this.format(value);
  }

  override toRepresentation(value: unknown, _scope: FieldScope): unknown {
    const decimal = parseDecimal(stripWhitespace(pythonText(value)));
    return decimal === null ? null : this.format(decimal);
  }

  private format(value: Decimal): string {
    return this.decimalPlaces === null ? plainDecimal(value) : formatDecimal(value, this.decimalPlaces);
  }

  private checkSize(value: Decimal): void {
    const { total, whole, places } = decimalSize(value);
    const { maxDigits, decimalPlaces } = this;
    if (maxDigits !== null && total > maxDigits) this.fail("max_digits", { max_digits: maxDigits });
    if (decimalPlaces !== null && places > decimalPlaces) this.fail("max_decimal_places", { max_decimal_places: decimalPlaces });
    if (maxDigits !== null && decimalPlaces !== null && whole > maxDigits - decimalPlaces) {
      this.fail("max_whole_digits", { max_whole_digits: maxDigits - decimalPlaces });
    }
    // "1e999999" is short on the wire and a million digits when written out.
    if (total > MAX_NUMBER_TEXT) this.fail("max_string_length");
  }

  private addBound(code: "max_value" | "min_value", limit: number | string | null, refused: 1 | -1): void {
    if (limit === null) return;
    const bound = parseDecimal(String(limit));
    if (bound === null) throw new ImproperlyConfigured(`DecimalField: expected a number as ${code}, got "${limit}".`);
    this.validators.push((value) => {
      const given = parseDecimal(String(value));
      if (given !== null && Math.sign(compareDecimals(given, bound)) === refused) this.fail(code, { [code]: limit });
    });
  }
}
