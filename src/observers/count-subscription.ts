import type { MaybePromise } from "../models/database.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { encodeEvent } from "./event-frame.ts";
import { permittedEvent } from "./event-permission.ts";
import { LiveSubscription } from "./live-subscription.ts";
import type { RowEvent } from "./row-event.ts";
import type { Moment } from "./event-slot.ts";

/** How many rows a list has, kept right. An event comes when the number has changed. */
export class CountSubscription extends LiveSubscription {
  #count = 0;
  protected override readonly nothing = { count: 0 };

  /** The number itself is all there is: it is always sent anew. */
  protected override get replays(): boolean {
    return false;
  }

  protected override async plan(): Promise<AnyQuerySet> {
    const { consumer, args } = this;
    const queryset: AnyQuerySet = await consumer.filterQueryset(await consumer.getQueryset(args), args);
    return queryset.orderByUntrusted([]);
  }

  protected override async read(queryset: AnyQuerySet): Promise<unknown> {
    this.#count = await queryset.count();
    return { count: this.#count };
  }

  override frames(moment: Moment, events: readonly RowEvent[]): MaybePromise<readonly string[]> {
    const change = events.reduce((sum, { kind }) => sum + (kind === "create" ? 1 : 0) - (kind === "delete" ? 1 : 0), 0);
    if (change === 0) return [];
    this.#count += change;
    const data = `{"count":${this.#count}}`;
    const position = this.positionText(moment.position);
    const frame = encodeEvent({ action: "update", status: 200, data, position }, this.requestId);
    const update: RowEvent = { kind: "update", pk: null, row: null, before: null };
    const permitted = permittedEvent(this.consumer, update, this.args, false);
    if (permitted instanceof Promise) return permitted.then((allowed) => (allowed === null ? [] : [frame]));
    return permitted === null ? [] : [frame];
  }
}
