import type { Change, CommittedTransaction } from "../models/change-log/change.ts";
import type { Predicate } from "../models/predicate.ts";
import { LiveQuery, type LiveQueryDefinition } from "./live-query.ts";
import type { QueryEvents, RowEvent } from "./row-event.ts";

/** Rows without an order or a window: each row's old and new values tell everything, nothing is remembered and nothing read. */
export class PredicateQuery extends LiveQuery {
  readonly #matches: Predicate;

  constructor(definition: LiveQueryDefinition, matches: Predicate) {
    super(definition);
    this.#matches = matches;
  }

  override apply(transaction: CommittedTransaction, changes: readonly Change[]): QueryEvents {
    if (transaction.lost.includes(this.model)) return "lost";
    const events: RowEvent[] = [];
    for (const change of changes) {
      const event = this.#judge(change);
      if (event !== null) events.push(event);
    }
    return events;
  }

  override copyAt(): Promise<LiveQuery> {
    return Promise.resolve(this);
  }

  #judge({ pk, before, after, last }: Change): RowEvent | null {
    const was = before !== null && this.#matches(before);
    if (after !== null && this.#matches(after)) return { kind: was ? "update" : "create", pk, row: after, before };
    return was ? { kind: "delete", pk, row: null, before, last } : null;
  }
}
