import type { MessageArguments } from "../protocol/arguments.ts";
import type { GenericConsumerClass } from "../consumers/generic-async-api-consumer.ts";
import { declareActions } from "../consumers/action-registry.ts";
import { reply, type Reply } from "../consumers/reply.ts";
import type { Adds, InputOf, OutputOf, SerializerOf } from "./mixin-types.ts";
import { requireData } from "./require-data.ts";

export interface CreateArguments<In> {
  readonly data: In;
  readonly [argument: string]: unknown;
}

export interface CreateActions<B extends GenericConsumerClass> {
  /** Makes a row. 201, or 400 with the serializer's errors. */
  create(args: CreateArguments<InputOf<B>>): Promise<Reply<OutputOf<B>>>;
  /** Saves what was validated. Override it to add values: `await serializer.save({ ownerId: this.scope.user.id })`. */
  performCreate(serializer: SerializerOf<B>, args: MessageArguments): Promise<void>;
}

/** Adds `create`. */
export function CreateModelMixin<B extends GenericConsumerClass>(Base: B): B & Adds<CreateActions<B>> {
  class CreateModel extends Base {
    async create(args: CreateArguments<InputOf<B>>): Promise<Reply<OutputOf<B>>> {
      const serializer = this.getSerializer({ action: "create", args, data: requireData(args) });
      await serializer.isValid({ raiseException: true });
      await this.performCreate(serializer, args);
      return reply(await serializer.toData(), 201);
    }

    async performCreate(serializer: SerializerOf<B>, _args: MessageArguments): Promise<void> {
      await serializer.save();
    }
  }
  declareActions(CreateModel, { create: { ordered: true, idempotent: true, model: "create" } });
  return CreateModel;
}
