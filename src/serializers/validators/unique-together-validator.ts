import type { AnyQuerySet } from "../../models/queryset.ts";
import { ValidationError } from "../../protocol/exceptions.ts";
import type { FieldScope } from "../fields/field-scope.ts";
import { NON_FIELD_ERRORS } from "../error-list.ts";
import { exceptInstance } from "./unique-validator.ts";
import type { ValidatorObject } from "./validator.ts";

/** Refuses values of several columns that another row has together already. */
export class UniqueTogetherValidator implements ValidatorObject {
  readonly afterOthers = true;
  readonly queryset: AnyQuerySet;
  /** Property keys of the columns. */
  readonly columns: readonly string[];
  readonly message: string;

  /** @param names what clients call the columns, for the message. Default: the columns' own names. */
  constructor(queryset: AnyQuerySet, columns: readonly string[], names: readonly string[] = columns) {
    this.queryset = queryset;
    this.columns = columns;
    this.message = uniqueTogetherMessage(names);
  }

  async validate(attributes: unknown, { instance }: FieldScope): Promise<void> {
    const values = this.valuesOf(attributes, instance);
    if (values === null) return;
    const same = this.queryset.filterUntrusted(Object.fromEntries(values));
    if (await exceptInstance(same, instance).exists())
      throw new ValidationError({ [NON_FIELD_ERRORS]: [this.message] }, "unique");
  }

  /** Null when nothing can clash: a value is null or is left to the database, or none changes. */
  private valuesOf(attributes: unknown, instance: unknown): [string, unknown][] | null {
    const sent = Object(attributes);
    const present = instance === null || instance === undefined ? {} : Object(instance);
    const values = this.columns.map((column): [string, unknown] => [column, column in sent ? sent[column] : present[column]]);
    if (values.some(([, value]) => value === null || value === undefined)) return null;
    const changed = values.some(([column, value]) => value !== present[column]);
    return changed ? values : null;
  }
}

/** DRF's words for a set of fields that must be unique together. */
export function uniqueTogetherMessage(names: readonly string[]): string {
  return `The fields ${names.join(", ")} must make a unique set.`;
}
