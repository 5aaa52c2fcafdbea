import type { MessageArguments } from "../protocol/arguments.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import type { Adds, InputOf, LookupArguments, OutputOf, PkOf, SerializerOf } from "./mixin-types.ts";
import { requireData } from "./require-data.ts";

export interface PatchArguments<In, Pk = number | string | bigint> extends LookupArguments<Pk> {
  readonly data: Partial<In>;
}

export interface PatchActions<B extends GenericConsumerClass> {
  /** Changes the given fields of a row. */
  patch(args: PatchArguments<InputOf<B>, PkOf<B>>): Promise<Reply<OutputOf<B>>>;
  /** Saves what was validated. */
  performPatch(serializer: SerializerOf<B>, args: MessageArguments): Promise<void>;
}

/** Adds `patch`. */
export function PatchModelMixin<B extends GenericConsumerClass>(Base: B): B & Adds<PatchActions<B>> {
  class PatchModel extends Base {
    async patch(args: PatchArguments<InputOf<B>, PkOf<B>>): Promise<Reply<OutputOf<B>>> {
      const data = requireData(args);
      const instance = await this.getObject(args);
      const serializer = this.getSerializer({ action: "patch", args, instance, data, partial: true });
      await serializer.isValid({ raiseException: true });
      await this.performPatch(serializer, args);
      return reply(await serializer.toData());
    }

    async performPatch(serializer: SerializerOf<B>, _args: MessageArguments): Promise<void> {
      await serializer.save();
    }
  }
  declareActions(PatchModel, { patch: { ordered: true, idempotent: true, model: "patch" } });
  return PatchModel;
}
