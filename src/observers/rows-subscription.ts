import type { MaybePromise } from "../models/database.ts";
import type { AnyModel } from "../models/model.ts";
import { toJsonValue } from "../models/json-value.ts";
import { encodeJson } from "../protocol/json.ts";
import { type OpenEvent, openEvent } from "./event-frame.ts";
import { permittedEvent } from "./event-permission.ts";
import { ReadablePaths } from "../filters/readable-paths.ts";
import { LiveSubscription } from "./live-subscription.ts";
import { rowBody } from "./row-body.ts";
import type { RowEvent } from "./row-event.ts";
import type { Moment } from "./event-slot.ts";
import { framesFor } from "./shared-frames.ts";

/** A subscription whose events are rows, in the frames of DCRF. */
export abstract class RowsSubscription extends LiveSubscription {
  override frames(moment: Moment, events: readonly RowEvent[]): MaybePromise<readonly string[]> {
    const { consumer, args, requestId } = this;
    const audience = { consumer, args, requestId, position: this.positionText(moment.position) };
    return framesFor(events, audience, () => this.#openAll(events));
  }

  override get pkField(): string | undefined {
    const shown = ReadablePaths.of(this.model, this.consumer, this.args)?.columns() ?? new Map<string, string>();
    for (const [field, column] of shown) if (column === this.model.pk.name) return field;
    return undefined;
  }

  #openAll(events: readonly RowEvent[]): MaybePromise<readonly OpenEvent[]> {
    const opened: OpenEvent[] = [];
    for (const [index, event] of events.entries()) {
      const open = this.#open(event);
      if (open instanceof Promise) return this.#goOn(opened, open, events.slice(index + 1));
      if (open !== null) opened.push(open);
    }
    return opened;
  }

  async #goOn(
    done: readonly OpenEvent[],
    pending: Promise<OpenEvent | null>,
    rest: readonly RowEvent[],
  ): Promise<readonly OpenEvent[]> {
    const opened = [...done];
    const first = await pending;
    if (first !== null) opened.push(first);
    for (const event of rest) {
      const open = await this.#open(event);
      if (open !== null) opened.push(open);
    }
    return opened;
  }

  /** Null when the subscriber may not see it. */
  #open(event: RowEvent): MaybePromise<OpenEvent | null> {
    const permitted = permittedEvent(this.consumer, event, this.args);
    return permitted instanceof Promise
      ? permitted.then((allowed) => this.#openPermitted(allowed))
      : this.#openPermitted(permitted);
  }

  #openPermitted(event: RowEvent | null): MaybePromise<OpenEvent | null> {
    if (event === null) return null;
    const { consumer, args } = this;
    const { kind, row, index } = event;
    if (row === null) return openEvent({ action: kind, status: 204, data: encodeJson(this.#deletedData(event)), index });
    const body = rowBody(row, { consumer, model: this.model, action: kind, args });
    const finish = (data: string) => openEvent({ action: kind, status: 200, data, index });
    return body instanceof Promise ? body.then(finish) : finish(body);
  }

  /** What tells a client which row is gone: `pk`, and the lookup field where that is another. */
  #deletedData({ pk, before }: RowEvent): Readonly<Record<string, unknown>> {
    const { lookupField } = this.consumer;
    const shown = { pk: toJsonValue(this.model.pk, pk) };
    const column = lookupField === "pk" || lookupField === this.model.pk.name ? undefined : this.model.columns.get(lookupField);
    if (column === undefined || before === null) return shown;
    return { ...shown, [this.consumer.lookupUrlKwarg ?? lookupField]: toJsonValue(column, before[column.name]) };
  }

  protected abstract readonly model: AnyModel;
}
