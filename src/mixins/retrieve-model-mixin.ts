import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { reply, replyWithData, type Reply } from "../consumers/reply.ts";
import type { Adds, LookupArgumentsOf, OutputOf } from "./mixin-types.ts";

export interface RetrieveActions<B extends GenericConsumerClass> {
  /** Answers one row. 404 when there is none in what this user may see. */
  retrieve(args: LookupArgumentsOf<B>): Promise<Reply<OutputOf<B>>>;
}

/** Adds `retrieve`: one row by its primary key or lookup field. */
export function RetrieveModelMixin<B extends GenericConsumerClass>(Base: B): B & Adds<RetrieveActions<B>> {
  class RetrieveModel extends Base {
    async retrieve(args: LookupArgumentsOf<B>): Promise<Reply<OutputOf<B>>> {
      const text = await this.getObjectAsJson(args);
      if (text !== null) return replyWithData(text);
      const instance = await this.getObject(args);
      const serializer = this.getSerializer({ action: "retrieve", args, instance });
      return reply(await serializer.toData());
    }
  }
  declareActions(RetrieveModel, { retrieve: { model: "retrieve" } });
  return RetrieveModel;
}
