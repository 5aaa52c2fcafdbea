import type { InferInsertModel, InferSelectModel, Table } from "drizzle-orm";
import { JsonText } from "../protocol/json.ts";
import { RestwaveError } from "../protocol/exceptions.ts";
import { columnOf, compileJsonArray, compileRows, selectedColumns, type Compiled, type Projection } from "./compile-select.ts";
import { whenDone, type DriverRow, type MaybePromise } from "./database.ts";
import { DoesNotExist, MultipleObjectsReturned } from "./errors.ts";
import type { OrderingKey } from "./lookups.ts";
import type { Model } from "./model.ts";
import { normalizeLookups } from "./normalize-lookups.ts";
import { resolveWhere, type FilterArgument } from "./q.ts";
import { ALL_ROWS, isSliced, slice, type Query } from "./query.ts";
import { countRows, namesOneRow, readJsonArray, readJsonObject, rowsExist } from "./read-rows.ts";
import type { Relations } from "./relations.ts";
import { rowDecoder, type RowDecoder } from "./row-decoder.ts";
import { allOf, negate, NOTHING, type Where } from "./where.ts";
import { withNamesOfCode } from "./with-names-of-code.ts";
import { bulkCreateRows, createRow, deleteRows, updateRows, updateRowsReturning } from "./write-rows.ts";

/** Any queryset, for code that serves them all. */
// eslint-disable-next-line typescript/no-explicit-any
export type AnyQuerySet = QuerySet<any, any, any>;

/** The type of a queryset's rows. */
export type RowOf<Q extends AnyQuerySet> = Q["types"]["row"];

/** Rows that async iteration reads with one statement. */
const CHUNK = 200;

/**
 * A description of rows of a model, after Django's QuerySet. Immutable: each narrowing method gives a new one. Lazy: nothing is asked of
 * the database until `toArray`, `first`, `get`, `count`, ... or `for await`. Not a promise: awaiting it gives the queryset itself.
 */
export class QuerySet<T extends Table, R extends Relations = {}, Row = InferSelectModel<T>> implements AsyncIterable<Row> {
  /** For the type system only. */
  declare readonly types: { row: Row; insert: InferInsertModel<T> };

  readonly model: Model<T, R>;
  /** What is asked for, as data. */
  readonly query: Query;
  #rows: Compiled | undefined;
  #decode: RowDecoder | undefined;
  #json: { readonly projection: Projection; readonly compiled: Compiled } | undefined;

  constructor(model: Model<T, R>, query: Query = ALL_ROWS) {
    this.model = model;
    this.query = query;
  }

  /** The same rows. */
  all(): QuerySet<T, R, Row> {
    return this;
  }

  /** No rows; asks nothing of the database. */
  none(): QuerySet<T, R, Row> {
    return this.#with({ where: NOTHING });
  }

  /**
   * The rows that match all of the arguments: `filter({ email__icontains: "x", id__in: [1, 2] })`.
   *
   * @throws ImproperlyConfigured for an unknown name, FieldError (400) for a value of the wrong type; the compiler refuses both first.
   */
  filter(...args: readonly FilterArgument<T, R>[]): QuerySet<T, R, Row> {
    return this.#narrowed(args.map((arg) => resolveWhere(this.model.resolver, arg)));
  }

  /** The rows that do not match all of the arguments together; rows where a column is NULL are kept, as in Django. @throws as `filter`. */
  exclude(...args: readonly FilterArgument<T, R>[]): QuerySet<T, R, Row> {
    const where = allOf(args.map((arg) => resolveWhere(this.model.resolver, arg)));
    return this.#narrowed([negate(where)]);
  }

  /**
   * `filter` for lookups whose names and values are not trusted (from the wire). Names are searched among the declared columns, values are
   * checked, nothing of either becomes SQL.
   *
   * @throws FieldError (400) whose detail names the lookup: `{ "email__regex": ["..."] }`.
   */
  filterUntrusted(lookups: Readonly<Record<string, unknown>>): QuerySet<T, R, Row> {
    return this.#narrowed([normalizeLookups(this.model.resolver, lookups)]);
  }

  /** The rows that satisfy a finished where tree of this model. */
  where(where: Where): QuerySet<T, R, Row> {
    return this.#narrowed([where]);
  }

  /** Sorts by these keys, `-` before one for descending, in place of an earlier order; without keys by none. NULLs sort lowest. @throws as `filter`. */
  orderBy(...keys: readonly OrderingKey<T, R>[]): QuerySet<T, R, Row> {
    return withNamesOfCode(() => this.orderByUntrusted(keys));
  }

  /** `orderBy` for keys that are not trusted. @throws FieldError (400) whose detail names the key. */
  orderByUntrusted(keys: readonly string[]): QuerySet<T, R, Row> {
    this.#assertWhole("ordered");
    return this.#with({ ordering: keys.map((key) => this.model.resolver.ordering(key).key), reversed: false });
  }

  /** The opposite order. */
  reverse(): QuerySet<T, R, Row> {
    this.#assertWhole("reversed");
    return this.#with({ reversed: !this.query.reversed });
  }

  /** The rows from `start` to before `end`, counted from 0; without `end`, to the last. */
  slice(start: number, end?: number): QuerySet<T, R, Row> {
    return new QuerySet(this.model, slice(this.query, start, end));
  }

  /** Each row once. Makes a difference with `values(...)`. */
  distinct(): QuerySet<T, R, Row> {
    return this.#with({ distinct: true });
  }

  /** Reads these columns only. */
  values<const K extends keyof InferSelectModel<T> & string>(
    ...names: readonly K[]
  ): QuerySet<T, R, Pick<InferSelectModel<T>, K>> {
    for (const name of names) columnOf(this.model, name);
    return new QuerySet(this.model, { ...this.query, columns: names });
  }

  /** Is an order given, here or by the model? */
  get isOrdered(): boolean {
    return (this.query.ordering ?? this.model.ordering).length > 0;
  }

  async toArray(): Promise<Row[]> {
    if (this.#isEmpty) return [];
    const { sql, params } = this.#compiledRows();
    return whenDone(this.#statements.all(sql, params), (rows) => this.#decodeAll(rows));
  }

  /** The first row, or null; by primary key if there is no order. */
  async first(): Promise<Row | null> {
    if (this.#isEmpty) return null;
    if (this.#isOne) return this.#single();
    const [row] = await this.#head().toArray();
    return row ?? null;
  }

  /** The last row, or null; by primary key if there is no order. */
  async last(): Promise<Row | null> {
    this.#assertWhole("read from its end");
    const ordering = this.isOrdered ? this.query.ordering : ["pk"];
    return this.#with({ ordering, reversed: !this.query.reversed }).first();
  }

  /**
   * The only row that matches.
   *
   * @throws DoesNotExist (404), MultipleObjectsReturned.
   */
  async get(...args: readonly FilterArgument<T, R>[]): Promise<Row> {
    const narrowed = args.length === 0 ? this : this.filter(...args);
    return narrowed.#only();
  }

  /** How many rows there are. */
  async count(): Promise<number> {
    return this.#isEmpty ? 0 : countRows(this.model, this.query);
  }

  async exists(): Promise<boolean> {
    return this.#isEmpty ? false : rowsExist(this.model, this.query);
  }

  /** Reads in chunks, in the queryset's order or by primary key; a row that others insert or remove meanwhile may shift the chunks. */
  async *[Symbol.asyncIterator](): AsyncIterator<Row> {
    const source = this.isOrdered || isSliced(this.query) || this.query.distinct ? this : this.#with({ ordering: ["pk"] });
    for (let start = 0; ; start += CHUNK) {
      const rows = await source.slice(start, start + CHUNK).toArray();
      yield* rows;
      if (rows.length < CHUNK) return;
    }
  }

  /**
   * Inserts a row. @returns it as stored, defaults included.
   *
   * @throws IntegrityError, FieldError (400) for a value that its column cannot hold, ImproperlyConfigured for an unknown name.
   */
  create(values: InferInsertModel<T>): Promise<InferSelectModel<T>> {
    return createRow(this.model, values) as Promise<InferSelectModel<T>>;
  }

  /** Inserts rows in one transaction, with few statements. @returns them as stored, in order. @throws as `create`. */
  bulkCreate(rows: readonly InferInsertModel<T>[]): Promise<InferSelectModel<T>[]> {
    return bulkCreateRows(this.model, rows) as Promise<InferSelectModel<T>[]>;
  }

  /** Changes all rows of the queryset. @returns how many. @throws as `create`. */
  async update(values: Partial<InferInsertModel<T>>): Promise<number> {
    return this.#isEmpty ? 0 : updateRows(this.model, this.query, values);
  }

  /** Changes all rows of the queryset. @returns them as they are now, in no particular order. @throws as `update`. */
  async updateReturning(values: Partial<InferInsertModel<T>>): Promise<Row[]> {
    if (this.#isEmpty) return [];
    return this.#decodeAll(await updateRowsReturning(this.model, this.query, values));
  }

  /** Deletes all rows of the queryset. @returns how many, without those that went by cascade. @throws IntegrityError. */
  async delete(): Promise<number> {
    return this.#isEmpty ? 0 : deleteRows(this.model, this.query);
  }

  /**
   * The rows as one finished JSON array, built by the database. The bytes equal `encodeJson` of the rows' `toJsonValue`s.
   *
   * @throws ImproperlyConfigured for a column for which `canProjectJson` is false.
   */
  async fetchJson(projection: Projection): Promise<JsonText> {
    return this.#isEmpty ? new JsonText("[]") : readJsonArray(this.model, this.#compiledJson(projection));
  }

  /** The first row as a finished JSON object, built by the database, or null. @throws as `fetchJson`. */
  async getJson(projection: Projection): Promise<JsonText | null> {
    if (this.#isEmpty) return null;
    return readJsonObject(this.model, this.#isOne ? this.query : this.#head().query, projection);
  }

  get #statements() {
    return this.model.database.statements;
  }

  get #isEmpty(): boolean {
    return this.query.limit === 0 || this.query.where === NOTHING;
  }

  /** Is it clear beforehand that there is one row at most? */
  get #isOne(): boolean {
    return this.query.limit === null && this.query.offset === 0 && namesOneRow(this.model, this.query.where);
  }

  #with(change: Partial<Query>): QuerySet<T, R, Row> {
    return new QuerySet(this.model, { ...this.query, ...change });
  }

  /** The first row; where no order is given it is that of the primary key. */
  #head(): QuerySet<T, R, Row> {
    const hasOrder = this.isOrdered || isSliced(this.query);
    return (hasOrder ? this : this.#with({ ordering: ["pk"] })).slice(0, 1);
  }

  #narrowed(parts: readonly (Where | null)[]): QuerySet<T, R, Row> {
    this.#assertWhole("filtered");
    if (parts.includes(NOTHING)) return this.none();
    const where = this.query.where === null && parts.length === 1 ? (parts[0] ?? null) : allOf([this.query.where, ...parts]);
    return this.#with({ where });
  }

  #assertWhole(verb: string): void {
    if (!isSliced(this.query)) return;
    throw new RestwaveError(`A sliced queryset cannot be ${verb}. Call slice() last.`, { code: "sliced_queryset" });
  }

  #compiledRows(): Compiled {
    this.#rows ??= compileRows(this.model, this.query);
    return this.#rows;
  }

  #compiledJson(projection: Projection): Compiled {
    if (this.#json?.projection !== projection)
      this.#json = { projection, compiled: compileJsonArray(this.model, this.query, projection) };
    return this.#json.compiled;
  }

  #decoder(): RowDecoder {
    this.#decode ??= this.query.columns === null ? this.model.decoder : rowDecoder(selectedColumns(this.model, this.query));
    return this.#decode;
  }

  #decodeAll(rows: readonly DriverRow[]): Row[] {
    const decode = this.#decoder();
    return rows.map((row) => decode(row) as Row);
  }

  #single(): MaybePromise<Row | null> {
    const { sql, params } = this.#compiledRows();
    return whenDone(this.#statements.first(sql, params), (row) => (row === undefined ? null : (this.#decoder()(row) as Row)));
  }

  #only(): MaybePromise<Row> {
    if (this.#isEmpty) throw new DoesNotExist();
    if (this.#isOne) return whenDone(this.#single(), found);
    return this.slice(0, 2)
      .toArray()
      .then(([row, second]) => {
        if (second !== undefined) throw new MultipleObjectsReturned(this.model.verboseName);
        return found(row ?? null);
      });
  }
}

function found<Row>(row: Row | null): Row {
  if (row === null) throw new DoesNotExist();
  return row;
}
