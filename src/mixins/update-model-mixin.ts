import type { MessageArguments } from "../protocol/arguments.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import type { Adds, InputOf, LookupArguments, OutputOf, PkOf, SerializerOf } from "./mixin-types.ts";
import { requireData } from "./require-data.ts";

export interface UpdateArguments<In, Pk = number | string | bigint> extends LookupArguments<Pk> {
  readonly data: In;
}

export interface UpdateActions<B extends GenericConsumerClass> {
  /** Replaces a row's fields: all required ones must be given, optional ones that are left out keep their value. */
  update(args: UpdateArguments<InputOf<B>, PkOf<B>>): Promise<Reply<OutputOf<B>>>;
  /** Saves what was validated. */
  performUpdate(serializer: SerializerOf<B>, args: MessageArguments): Promise<void>;
}

/** Adds `update`. */
export function UpdateModelMixin<B extends GenericConsumerClass>(Base: B): B & Adds<UpdateActions<B>> {
  class UpdateModel extends Base {
    async update(args: UpdateArguments<InputOf<B>, PkOf<B>>): Promise<Reply<OutputOf<B>>> {
      const data = requireData(args);
      const instance = await this.getObject(args);
      const serializer = this.getSerializer({ action: "update", args, instance, data });
      await serializer.isValid({ raiseException: true });
      await this.performUpdate(serializer, args);
      return reply(await serializer.toData());
    }

    async performUpdate(serializer: SerializerOf<B>, _args: MessageArguments): Promise<void> {
      await serializer.save();
    }
  }
  declareActions(UpdateModel, { update: { ordered: true, idempotent: true, model: "update" } });
  return UpdateModel;
}
