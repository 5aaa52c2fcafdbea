import type { AnyModel } from "../models/model.ts";
import type { BelongsTo, Relation } from "../models/relations.ts";
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
  /** The column of the related row that a slug related field shows. */
  readonly slugField?: string;
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
  /** Paths of readable fields, by columns. */
  readonly #shown: ReadonlySet<string>;
  /** Paths of write-only fields, by columns. */
  readonly #writeOnly: ReadonlySet<string>;
  /** Paths that the application opens although no answer shows them, by columns. */
  readonly #guessable: ReadonlySet<string>;
  /** By the column of the foreign key: what is shown of the row that it points to. */
  readonly #related = new Map<string, ReadablePaths>();

  constructor(
    model: AnyModel,
    serializerClass: FilterSerializerClass,
    context: Readonly<Record<string, unknown>>,
    guessable: readonly string[] = [],
  ) {
    const fields = Object.entries(new serializerClass({ context }).getFields());
    const shown = fields.filter(([, field]) => !field.writeOnly);
    this.#model = model;
    this.#serializerClass = serializerClass;
    this.#paths = new Map(shown.map(([name, field]) => [name, pathOf(name, field)]));
    const hidden = fields.filter(([, field]) => field.writeOnly);
    this.#shown = new Set([...this.#paths.values()].map((path) => byColumns(model, path)));
    this.#writeOnly = new Set(hidden.map(([name, field]) => byColumns(model, pathOf(name, field))));
    this.#guessable = new Set(guessable.map((path) => byColumns(model, path)));
    for (const [name, field] of shown) this.#addRelated(pathOf(name, field), field, context);
  }

  /** Null for a consumer without a serializer: then only its own whitelists say what may be used. */
  static of(model: AnyModel, consumer: FilterConsumer, args: MessageArguments): ReadablePaths | null {
    const serializerClass = consumer.getSerializerClass?.(args);
    return serializerClass === undefined
      ? null
      : new ReadablePaths(model, serializerClass, { scope: consumer.scope, consumer, args }, consumer.guessableFields);
  }

  /** The readable fields that are columns of the model: field name to property key. */
  columns(): ReadonlyMap<string, string> {
    const own = [...this.#paths].map(([name, path]): [string, string] => [name, byColumns(this.#model, path)]);
    return new Map(own.filter(([, column]) => this.#model.columns.has(column)));
  }

  /** The path of a field by the serializer's name for it, or undefined. */
  pathOf(fieldName: string): string | undefined {
    return this.#paths.get(fieldName);
  }

  /**
   * May this client use what `path` leads to? It may use the primary key, what the serializer shows, what a nested serializer shows of a
   * related row, and what the consumer's `guessableFields` name, but never a write-only field.
   *
   * @param whitelist where the path was written, for the error.
   * @throws ImproperlyConfigured when the serializer class shows it to nobody.
   */
  demand(path: string, whitelist: string): boolean {
    if (this.#shows(path)) return true;
    if (this.#guessable.has(byColumns(this.#model, path)) && !this.#isWriteOnly(path)) return true;
    if (this.#isLeftOut(path)) return false;
    throw new ImproperlyConfigured(
      `${whitelist}: expected what ${this.#serializerClass.name} shows, got what it hides. Show it there, remove it here, or name it in the ` +
        "consumer's guessableFields if clients may find out its values (a write-only field never can be).",
    );
  }

  /** Does the class show it, but not this one of its serializers? */
  #isLeftOut(path: string): boolean {
    const [head = ""] = path.split("__");
    const column = byColumns(this.#model, head);
    const names = this.#serializerClass.readableFieldNames.filter((name) => byColumns(this.#model, name) === column);
    return names.some((name) => !this.#paths.has(name));
  }

  #shows(path: string): boolean {
    const column = byColumns(this.#model, path);
    if (this.#shown.has(column)) return true;
    const [head = "", ...rest] = path.split("__");
    return rest.length === 0 ? column === this.#model.pk.name : this.#showsBehind(head, rest.join("__"));
  }

  #showsBehind(head: string, path: string): boolean {
    const relation = foreignKey(this.#model, head);
    if (relation === undefined) return false;
    const related = this.#related.get(relation.column);
    if (related !== undefined && related.#shows(path)) return true;
    return ["pk", relation.model().pk.name].includes(path) && this.#shows(head);
  }

  #isWriteOnly(path: string): boolean {
    if (this.#writeOnly.has(byColumns(this.#model, path))) return true;
    const [head = "", ...rest] = path.split("__");
    const related = this.#related.get(byColumns(this.#model, head));
    return rest.length > 0 && related !== undefined && related.#isWriteOnly(rest.join("__"));
  }

  #addRelated(path: string, field: FilterField, context: Readonly<Record<string, unknown>>): void {
    const relation = field.serializerClass === undefined ? undefined : foreignKey(this.#model, path);
    if (field.serializerClass === undefined || relation === undefined) return;
    this.#related.set(relation.column, new ReadablePaths(relation.model(), field.serializerClass, context));
  }
}

/** The path with a column's name at its end: a foreign key is one value with two names, its column's and its relation's. */
function byColumns(model: AnyModel, path: string): string {
  const [head = "", ...rest] = path.split("__");
  if (rest.length === 0) return head === "pk" ? model.pk.name : (foreignKey(model, head)?.column ?? head);
  const relation = foreignKey(model, head);
  return relation === undefined ? path : `${head}__${byColumns(relation.model(), rest.join("__"))}`;
}

function foreignKey(model: AnyModel, name: string): BelongsTo | undefined {
  const relation: Relation | undefined = Object.hasOwn(model.relations, name) ? model.relations[name] : undefined;
  return relation?.type === "belongsTo" ? relation : undefined;
}

function pathOf(name: string, field: FilterField): string {
  const path = (field.source ?? name).replaceAll(".", "__");
  return field.slugField === undefined ? path : `${path}__${field.slugField}`;
}
