import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import type { AnyModel } from "../models/model.ts";
import type { JsonSchema } from "../protocol/json-schema.ts";
import type { Lookup } from "./contract.ts";
import { filterSchemas, isSearchable, orderingNames } from "./filter-schemas.ts";
import { objectSchema } from "./object-schema.ts";
import { type PageSchemas, pageSchemas } from "./page-schemas.ts";
import type { Reading } from "./reading.ts";
import { schemaOfColumn } from "./schema-of-column.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import type { SerializerKind } from "./serializer-kind.ts";
import { type SerializerRole, SerializerSchemas } from "./serializer-schemas.ts";

const SEARCH: JsonSchema = { type: "string", maxLength: 256 };

/** The schemas of a resource as one of its actions needs them. */
export class ResourceSchemas {
  readonly lookup: Lookup;
  readonly model: AnyModel | null;
  readonly filters: Readonly<Record<string, JsonSchema>> | null;
  readonly ordering: readonly string[] | null;
  readonly isSearchable: boolean;
  readonly writableNames: readonly string[];
  readonly #consumer: AnyGenericConsumer;
  readonly #serializers: SerializerSchemas;
  readonly #kind: SerializerKind | null;

  constructor(consumer: AnyGenericConsumer, action: string, reading: Reading, schemas: SchemaRegistry) {
    const kind = reading.serializerOf(consumer, action);
    const model: AnyModel | null = consumer.queryset?.model ?? kind?.declaration.model ?? null;
    const fields = kind === null ? {} : reading.fieldsOf(kind, consumer, action);
    const place = model === null ? null : { consumer, model, fields, args: reading.argsOf(action), schemas };
    this.#consumer = consumer;
    this.#kind = kind;
    this.#serializers = new SerializerSchemas(schemas, (one) =>
      one === kind ? fields : reading.fieldsOf(one, consumer, action),
    );
    this.model = model;
    this.lookup = lookupOf(consumer, model);
    this.filters = place === null ? null : filterSchemas(place);
    this.ordering = place === null ? null : orderingNames(place);
    this.isSearchable = isSearchable(consumer);
    this.writableNames = kind === null ? [] : this.#serializers.writableNames(kind);
  }

  /** The serializer in one of its roles; anything, where there is no serializer to describe. */
  of(role: SerializerRole): JsonSchema {
    return this.#kind === null ? {} : this.#serializers.of(this.#kind, role);
  }

  get hasSerializer(): boolean {
    return this.#kind !== null;
  }

  /** How lists are cut into pages. */
  pages(): PageSchemas {
    return pageSchemas(this.#consumer.paginationClass, this.of("out"));
  }

  /** What narrows a list, without the order. */
  narrowing(): Readonly<Record<string, JsonSchema>> {
    return {
      ...(this.filters === null ? {} : { filters: { ...objectSchema(this.filters, []), additionalProperties: false } }),
      ...(this.isSearchable ? { search: SEARCH } : {}),
    };
  }

  /** What a list takes, pages aside. */
  listArguments(): Readonly<Record<string, JsonSchema>> {
    return { ...this.narrowing(), ...(this.ordering === null ? {} : { ordering: orderingSchema(this.ordering) }) };
  }

  /** The data of an event that a row is gone. */
  deleted(): JsonSchema {
    const pk = this.model === null ? {} : schemaOfColumn(this.model.pk);
    return objectSchema({ pk, [this.#consumer.lookupField]: this.lookup.schema });
  }
}

function orderingSchema(names: readonly string[]): JsonSchema {
  const one = { type: "string", enum: names.flatMap((name) => [name, `-${name}`]) };
  return names.length === 0 ? { type: "array", maxItems: 0 } : { anyOf: [one, { type: "array", items: one }] };
}

function lookupOf({ lookupField, lookupUrlKwarg }: AnyGenericConsumer, model: AnyModel | null): Lookup {
  const column = lookupField === "pk" ? model?.pk : model?.columns.get(lookupField);
  return { argument: lookupUrlKwarg ?? lookupField, schema: column === undefined ? {} : schemaOfColumn(column) };
}
