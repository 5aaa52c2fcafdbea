import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { Field } from "../serializers/fields/field.ts";
import { type SerializerKind, serializerKindOf } from "./serializer-kind.ts";

/** How a consumer is read: by what its class says, or as the user of a connection would find it. */
export interface Reading {
  serializerOf(consumer: AnyGenericConsumer, action: string): SerializerKind | null;
  fieldsOf(kind: SerializerKind, consumer: AnyGenericConsumer, action: string): Readonly<Record<string, Field>>;
  /** The arguments of a request, or null where there is none. */
  argsOf(action: string): MessageArguments | null;
}

/** What the class says. Runs no hook of the application: they may want to know the user. */
export const classReading: Reading = {
  serializerOf: ({ serializerClass }) => (serializerClass === undefined ? null : serializerKindOf(serializerClass)),
  fieldsOf: ({ declaration }) => declaration.fields,
  argsOf: () => null,
};

/** What whoever is connected would find: `getSerializerClass` and `getFields` are asked. */
export const userReading: Reading = {
  serializerOf: (consumer, action) => serializerKindOf(consumer.getSerializerClass({ action })),
  fieldsOf: (kind, consumer, action) => new kind({ context: consumer.getSerializerContext(action, { action }) }).getFields(),
  argsOf: (action) => ({ action }),
};
