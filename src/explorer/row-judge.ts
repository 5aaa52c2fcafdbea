import type { LoggedRow } from "../models/change-log/change.ts";
import type { AnyModel } from "../models/model.ts";
import { compilePredicate } from "../models/predicate.ts";
import { conditionsOf, type Where } from "../models/where.ts";

/** One row, to be held against conditions: as it is in the table or, when it is gone, as the change log has it. */
export class RowJudge {
  readonly model: AnyModel;
  readonly pk: unknown;
  /** Is it in the table now? */
  readonly exists: boolean;
  readonly #logged: LoggedRow | null;

  constructor(model: AnyModel, pk: unknown, { exists, logged = null }: { exists: boolean; logged?: LoggedRow | null }) {
    this.model = model;
    this.pk = pk;
    this.exists = exists;
    this.#logged = logged;
  }

  /** Does the row match? null: it is gone, and what is known of it does not tell. */
  async matches(where: Where | null): Promise<boolean | null> {
    if (where === null) return true;
    if (this.exists)
      return this.model.objects
        .where(where)
        .filterUntrusted({ [this.model.pk.name]: this.pk })
        .exists();
    const predicate = compilePredicate(this.model, where);
    if (predicate === null || this.#logged === null) return null;
    const row = this.#logged;
    return conditionsOf(where).every(({ column }) => Object.hasOwn(row, column)) ? predicate(row) : null;
  }
}

/** The conditions that must all hold, one by one. */
export function conjunctsOf(where: Where | null): readonly Where[] {
  if (where === null) return [];
  return where.type === "and" ? where.children.flatMap(conjunctsOf) : [where];
}
