import { normalizeLookups } from "../../models/normalize-lookups.ts";
import type { AnyQuerySet } from "../../models/queryset.ts";
import { negate } from "../../models/where.ts";
import { ValidationError } from "../../protocol/exceptions.ts";
import type { FieldScope } from "../fields/field-scope.ts";
import type { ValidatorObject } from "./validator.ts";

/** Refuses a value that another row has already. The row that is being changed may keep its own. */
export class UniqueValidator implements ValidatorObject {
  readonly afterOthers = true;
  readonly queryset: AnyQuerySet;
  readonly column: string;
  readonly message: string;

  /**
   * @param queryset the rows among which the value must be unique.
   * @param column the property key of the column.
   */
  constructor(queryset: AnyQuerySet, column: string, message = "This field must be unique.") {
    this.queryset = queryset;
    this.column = column;
    this.message = message;
  }

  async validate(value: unknown, { instance }: FieldScope): Promise<void> {
    if (value === null) return;
    const same = this.queryset.filterUntrusted({ [this.column]: value });
    if (await exceptInstance(same, instance).exists()) throw new ValidationError([this.message], "unique");
  }
}

/** The queryset without the row that is being changed. */
export function exceptInstance(queryset: AnyQuerySet, instance: unknown): AnyQuerySet {
  const { pk } = queryset.model;
  if (typeof instance !== "object" || instance === null || !(pk.name in instance)) return queryset;
  const own = normalizeLookups(queryset.model.resolver, { [pk.name]: Reflect.get(instance, pk.name) });
  return queryset.where(negate(own));
}
