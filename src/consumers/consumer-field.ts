import type { AsyncAPIConsumer } from "./async-api-consumer.ts";

/** The method by which a class field learns which consumer it belongs to. */
export const bindToConsumer: unique symbol = Symbol("restwave.bindToConsumer");

/**
 * A class field of a consumer that needs its consumer: an observer, a message handler. It is bound before the connection is accepted; what it
 * adds to the consumer it takes away with `consumer.whenEnded`.
 */
export interface ConsumerField {
  /** @param property the name of the field. */
  [bindToConsumer](consumer: AsyncAPIConsumer, property: string): void;
}

/** Tells every field of a consumer whose it is. */
export function bindFields(consumer: AsyncAPIConsumer): void {
  for (const [property, value] of Object.entries(consumer)) if (isConsumerField(value)) value[bindToConsumer](consumer, property);
}

function isConsumerField(value: unknown): value is ConsumerField {
  return typeof value === "object" && value !== null && bindToConsumer in value;
}
