import type { AnyModel } from "../models/model.ts";
import type { BelongsTo } from "../models/relations.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured } from "../protocol/exceptions.ts";
import type { FilterConsumer } from "./filter-consumer.ts";

/** What filters must know of a serializer's field. */
export interface FilterField {
  readonly writeOnly: boolean;
  /** A name, a dotted path, or `*`; null is the field's own name. */
  readonly source: string | null;
  /** The serializer that shows a related row, for a field that is one. */
  readonly serializerClass?: FilterSerializerClass;
}

/** What filters must know of a serializer class. */
export interface FilterSerializerClass {
  readonly name: string;
  /** The fields that the class shows; one serializer may show fewer, by its `getFields`. */
  readonly readableFieldNames: readonly string[];
  new (options: { readonly context: Readonly<Record<string, unknown>> }): { getFields(): Readonly<Record<string, FilterField>> };
}

/**
 * What a client can read of a model through a serializer, so that filters, search and ordering reveal nothing else: whoever may filter by a
 * hidden column can guess its value letter by letter.
 */
export class ReadablePaths {
  readonly #model: AnyModel;
  readonly #serializerClass: FilterSerializerClass;
  /** Field name to path. */
  readonly #paths: ReadonlyMap<string, string>;
  /** By the column of the foreign key: what is shown of the row that it points to. */
  readonly #related = new Map<string, ReadablePaths>();

  constructor(model: AnyModel, serializerClass: FilterSerializerClass, context: Readonly<Record<string, unknown>>) {
    const fields = Object.entries(new serializerClass({ context }).getFields()).filter(([, field]) => !field.writeOnly);
    this.#model = model;
    this.#serializerClass = serializerClass;
    this.#paths = new Map(fields.map(([name, field]) => [name, pathOf(name, field)]));
    for (const [name, field] of fields) this.#addRelated(pathOf(name, field), field, context);
  }

  /** Null for a consumer without a serializer: then only its own whitelists say what may be used. */
  static of(model: AnyModel, consumer: FilterConsumer, args: MessageArguments): ReadablePaths | null {
    const serializerClass = consumer.getSerializerClass?.(args);
    return serializerClass === undefined
      ? null
      : new ReadablePaths(model, serializerClass, { scope: consumer.scope, consumer, args });
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
   * Can this client read what `path` leads to? It can always read the primary key. What lies behind a relation it can read where a nested
   * serializer shows it; where the relation is shown as a key only, the whitelist alone decides.
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
    const shown = [...this.#paths.values()];
    if (rest.length > 0 && shown.includes(path)) return true;
    const column = this.#columnOf(head);
    const related = rest.length > 0 ? this.#related.get(column) : undefined;
    if (related !== undefined) return related.#shows(rest.join("__"));
    return column === this.#model.pk.name || shown.some((other) => this.#columnOf(other) === column);
  }

  #addRelated(path: string, { serializerClass }: FilterField, context: Readonly<Record<string, unknown>>): void {
    const relation = serializerClass === undefined ? undefined : this.#foreignKey(path);
    if (serializerClass === undefined || relation === undefined) return;
    this.#related.set(relation.column, new ReadablePaths(relation.model(), serializerClass, context));
  }

  /** A foreign key is one value with two names, its column's and its relation's. */
  #columnOf(name: string): string {
    return name === "pk" ? this.#model.pk.name : (this.#foreignKey(name)?.column ?? name);
  }

  #foreignKey(name: string): BelongsTo | undefined {
    const relation = Object.hasOwn(this.#model.relations, name) ? this.#model.relations[name] : undefined;
    return relation?.type === "belongsTo" ? relation : undefined;
  }
}

function pathOf(name: string, field: FilterField): string {
  return (field.source ?? name).replaceAll(".", "__");
}
