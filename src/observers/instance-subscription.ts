import { parsePk } from "../models/parse-pk.ts";
import type { AnyModel } from "../models/model.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { Http404, ImproperlyConfigured } from "../protocol/exceptions.ts";
import { mayView } from "./event-permission.ts";
import { RowsSubscription } from "./rows-subscription.ts";

/** One row, found as `retrieve` finds it. It may leave what the subscriber sees and come back. */
export class InstanceSubscription extends RowsSubscription {
  #model: AnyModel | null = null;
  protected override readonly nothing = null;

  /** What names the row. @throws Http404 for a value that no row can have. */
  async lookup(): Promise<{ readonly field: string; readonly value: unknown }> {
    const { consumer, args } = this;
    const { model }: AnyQuerySet = await consumer.getQueryset(args);
    const field = consumer.lookupField === "pk" ? model.pk.name : consumer.lookupField;
    const value = parsePk(model, args[consumer.lookupUrlKwarg ?? consumer.lookupField], field);
    if (value === undefined) throw new Http404();
    return { field, value };
  }

  protected override get model(): AnyModel {
    if (this.#model !== null) return this.#model;
    throw new ImproperlyConfigured("An instance subscription was used before it was opened.");
  }

  protected override async plan(): Promise<AnyQuerySet> {
    const { consumer, args } = this;
    const queryset: AnyQuerySet = await consumer.filterQueryset(await consumer.getQueryset(args), args);
    this.#model = queryset.model;
    const { field, value } = await this.lookup();
    return queryset.orderByUntrusted([]).filterUntrusted({ [field]: value });
  }

  protected override async read(queryset: AnyQuerySet): Promise<unknown> {
    const row: object | null = await queryset.first();
    if (row === null || !(await mayView(this.consumer, row, this.args))) return null;
    const [shown] = await this.consumer.serializeRows([row], "retrieve", this.args);
    return shown;
  }
}
