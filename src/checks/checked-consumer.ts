import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import type { ConsumerClass } from "../consumers/connection.ts";
import { GenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { ConsumerSettings } from "../consumers/settings.ts";
import { inertInstance } from "../contracts/inert-instance.ts";
import { type SerializerKind, serializerKindOf } from "../contracts/serializer-kind.ts";
import type { AnyModel } from "../models/model.ts";
import { RestwaveError } from "../protocol/exceptions.ts";
import { type ConsumerPlace, consumerPlaces } from "../routing/resources-of.ts";
import type { Routes } from "../routing/route.ts";
import type { Finding, FindingPlace } from "./finding.ts";

/** A consumer that is looked at: an instance of it that nobody is connected to. */
export interface CheckedConsumer {
  readonly consumerClass: ConsumerClass;
  readonly place: FindingPlace;
  readonly consumer: AsyncAPIConsumer;
  /** Null for one that is not made by `GenericAsyncAPIConsumer`. */
  readonly generic: CheckedResource | null;
}

/** What is known of a consumer for rows of a model before anybody has connected. */
export interface CheckedResource {
  readonly consumer: AnyGenericConsumer;
  /** Null where only a request decides. */
  readonly model: AnyModel | null;
  readonly serializer: SerializerKind | null;
  /** May a hook of the application choose another serializer? */
  readonly choosesSerializer: boolean;
  readonly choosesQueryset: boolean;
}

/** Every class of consumers of actions once, at the first of its places. Those that cannot be made are findings; others, such as views, are let be. */
export function checkedConsumers(
  routes: Routes,
  settings: ConsumerSettings,
): { readonly consumers: readonly CheckedConsumer[]; readonly findings: readonly Finding[] } {
  const consumers: CheckedConsumer[] = [];
  const findings: Finding[] = [];
  const seen = new Set<ConsumerClass>();
  for (const resource of consumerPlaces(routes)) {
    const { consumerClass } = resource;
    if (seen.has(consumerClass) || !(consumerClass.prototype instanceof AsyncAPIConsumer)) continue;
    seen.add(consumerClass);
    const place = placeOf(resource);
    const made = instanceOrFinding(resource, settings, place);
    if ("code" in made) findings.push(made);
    else if (made.consumer instanceof AsyncAPIConsumer) {
      consumers.push({ consumerClass, place, consumer: made.consumer, generic: resourceOf(made.consumer) });
    }
  }
  return { consumers, findings };
}

function placeOf({ path, stream, consumerClass }: ConsumerPlace): FindingPlace {
  const route = stream === null ? `/${path}` : `/${path} (stream ${stream})`;
  return consumerClass.name === "" ? { route } : { route, consumer: consumerClass.name };
}

function instanceOrFinding(
  resource: ConsumerPlace,
  settings: ConsumerSettings,
  place: FindingPlace,
): { readonly consumer: object } | Finding {
  try {
    return { consumer: inertInstance(resource, settings) };
  } catch (error) {
    if (!(error instanceof RestwaveError)) throw error;
    const because = error.cause instanceof Error ? ` It threw: ${error.cause.message}` : "";
    return {
      ...place,
      code: "improperly_configured",
      level: "error",
      message: `${error.message}${because}`,
      fix: "Correct the class: nobody can connect to it as it is, or it cannot be described.",
    };
  }
}

function resourceOf(consumer: AsyncAPIConsumer): CheckedResource | null {
  if (!(consumer instanceof GenericConsumer)) return null;
  const generic: AnyGenericConsumer = consumer;
  const stock = GenericConsumer.prototype;
  const serializer = generic.serializerClass === undefined ? null : serializerKindOf(generic.serializerClass);
  return {
    consumer: generic,
    model: generic.queryset?.model ?? serializer?.declaration.model ?? null,
    serializer,
    choosesSerializer: generic.getSerializerClass !== stock.getSerializerClass || generic.getSerializer !== stock.getSerializer,
    choosesQueryset: generic.getQueryset !== stock.getQueryset,
  };
}
