import type { AnyModel } from "../models/model.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { FilterConsumer } from "./filter-consumer.ts";

/** What filters must know of a serializer's field. */
export interface FilterField {
  readonly writeOnly: boolean;
  /** A name, a dotted path, or `*`; null is the field's own name. */
  readonly source: string | null;
}

/** What filters must know of a serializer class. */
export interface FilterSerializerClass {
  readonly name: string;
  /** The fields that the class shows; one serializer may show fewer, by its `getFields`. */
  readonly readableFieldNames: readonly string[];
  new (options: { readonly context: Readonly<Record<string, unknown>> }): { getFields(): Readonly<Record<string, FilterField>> };
}

/**
 * What a client can read of a model through the consumer's serializer, so that filters, search and ordering reveal nothing else: whoever may
 * filter by a hidden column can guess its value letter by letter.
 */
export class ReadablePaths {
  readonly #model: AnyModel;
  readonly #serializerClass: FilterSerializerClass;
  /** Field name to path. */
  readonly #paths: ReadonlyMap<string, string>;

  private constructor(model: AnyModel, serializerClass: FilterSerializerClass, paths: ReadonlyMap<string, string>) {
    this.#model = model;
    this.#serializerClass = serializerClass;
    this.#paths = paths;
  }

  /** Null for a consumer without a serializer: then only its own whitelists say what may be used. */
  static of(model: AnyModel, consumer: FilterConsumer, args: MessageArguments): ReadablePaths | null {
    const serializerClass = consumer.getSerializerClass?.(args);
    if (serializerClass === undefined) return null;
    const fields = new serializerClass({ context: { scope: consumer.scope, consumer, args } }).getFields();
    const shown = Object.entries(fields).filter(([, field]) => !field.writeOnly);
    return new ReadablePaths(model, serializerClass, new Map(shown.map(([name, field]) => [name, pathOf(name, field)])));
  }

  /** The readable fields that are columns of the model: field name to property key. */
  columns(): ReadonlyMap<string, string> {
    const own = [...this.#paths].map(([name, path]): [string, string] => [name, this.#columnOf(path)]);
    return new Map(own.filter(([, column]) => this.#model.columns.has(column)));
  }

  /** The path of a field by the serializer's name for it, or undefined. */
  pathOf(fieldName: string): string | undefined {
    return this.#paths.get(fieldName);
  }

  /**
   * Can this client read what `path` leads to? It can always read the primary key, and what lies behind a relation where the serializer
   * shows the relation: which of the other model's columns may be used is then up to the whitelist.
   *
   * @param whitelist where the path was written, for the error.
   * @throws ImproperlyConfigured when the serializer class shows it to nobody.
   */
  demand(path: string, whitelist: string): boolean {
    if (this.#shows(path)) return true;
    if (this.#serializerClass.readableFieldNames.includes(path)) return false;
    throw new ImproperlyConfigured(
      `${whitelist}: expected a field that ${this.#serializerClass.name} shows, got one that it hides. Remove it there, or show the field.`,
    );
  }

  #shows(path: string): boolean {
    const [head = "", ...rest] = path.split("__");
    const column = this.#columnOf(head);
    const shown = [...this.#paths.values()];
    if (rest.length > 0 && shown.includes(path)) return true;
    return column === this.#model.pk.name || shown.some((other) => this.#columnOf(other) === column);
  }

  /** A foreign key is one value with two names, its column's and its relation's. */
  #columnOf(name: string): string {
    if (name === "pk") return this.#model.pk.name;
    const relation = Object.hasOwn(this.#model.relations, name) ? this.#model.relations[name] : undefined;
    return relation?.type === "belongsTo" ? relation.column : name;
  }
}

function pathOf(name: string, field: FilterField): string {
  return (field.source ?? name).replaceAll(".", "__");
}
