import { IntegrityError } from "../models/errors.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { Conflict } from "../protocol/exceptions.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import type { Adds, LookupArgumentsOf, RowTypeOf } from "./mixin-types.ts";

export interface DeleteActions<B extends GenericConsumerClass> {
  /** Deletes one row. 204, data null; 409 when other rows still refer to it. */
  delete(args: LookupArgumentsOf<B>): Promise<Reply<null>>;
  /** Deletes the row. Override it to mark it as deleted, for instance. */
  performDelete(instance: RowTypeOf<B>, args: MessageArguments): Promise<void>;
}

/** Adds `delete`. */
export function DeleteModelMixin<B extends GenericConsumerClass>(Base: B): B & Adds<DeleteActions<B>> {
  class DeleteModel extends Base {
    async delete(args: LookupArgumentsOf<B>): Promise<Reply<null>> {
      const instance = await this.getObject(args);
      try {
        await this.performDelete(instance, args);
      } catch (error) {
        throw error instanceof IntegrityError
          ? new Conflict("Other rows still refer to this one.", undefined, { cause: error })
          : error;
      }
      return reply(null, 204);
    }

    async performDelete(instance: RowTypeOf<B>, args: MessageArguments): Promise<void> {
      const { model } = await this.getQueryset(args);
      await model.objects.filterUntrusted({ pk: Reflect.get(instance, model.pk.name) }).delete();
    }
  }
  declareActions(DeleteModel, { delete: { ordered: true, idempotent: true, model: "delete" } });
  return DeleteModel;
}
