import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import type { MessageArguments } from "../protocol/arguments.ts";

/** Runs `work` so that it reads one moment of the consumer's database, and can write nothing into it. */
export async function inSnapshot<T>(consumer: AsyncAPIConsumer, args: MessageArguments, work: () => Promise<T>): Promise<T> {
  const queryset = consumer instanceof GenericConsumer ? await querysetOf(consumer, args) : null;
  return queryset === null ? work() : queryset.model.database.snapshot(work);
}

/** What `getQueryset` throws is for the explanation to say. */
async function querysetOf(consumer: InstanceType<typeof GenericConsumer>, args: MessageArguments): Promise<AnyQuerySet | null> {
  if (consumer.queryset !== undefined) return consumer.queryset;
  try {
    return await consumer.getQueryset(args);
  } catch {
    return null;
  }
}
