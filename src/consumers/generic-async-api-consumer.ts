import type { MessageArguments } from "../protocol/arguments.ts";
import { Http404, ImproperlyConfigured, ValidationError } from "../protocol/exceptions.ts";
import type { JsonText } from "../protocol/json.ts";
import { parsePk } from "../models/parse-pk.ts";
import type { AnyQuerySet, RowOf } from "../models/queryset.ts";
import type { BaseFilterBackend } from "../filters/base-filter-backend.ts";
import type { FilterSetClass } from "../filters/filter-set.ts";
import type { Page } from "../pagination/base-pagination.ts";
import { checkObjectPermissions } from "../permissions/check-permissions.ts";
import { judgesObjects } from "../permissions/composite-permission.ts";
import type { AnySerializer, SerializerClass } from "../serializers/base-serializer.ts";
import type { SerializerOptions } from "../serializers/serializer-options.ts";
import { AsyncAPIConsumer } from "./async-api-consumer.ts";
import type { GenericConsumerOptions, PaginationClass, ReadableNames, UnknownFilters } from "./generic-consumer-options.ts";
import { noteJudgedRow } from "./judged-rows.ts";
import type { KeyedResource } from "./run-once.ts";
import { runningActionName } from "./running-action.ts";
import type { Connection } from "./connection.ts";

type MaybePromise<T> = T | Promise<T>;

/** Any serializer class, for a choice among several. */
export type AnySerializerClass = Pick<SerializerClass, keyof SerializerClass> &
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its rows
  (new (options?: SerializerOptions<any>) => AnySerializer);

/** What a serializer is made with. */
export interface GetSerializerOptions {
  readonly action: string;
  readonly args: MessageArguments;
  readonly instance?: object | null;
  readonly data?: unknown;
  readonly partial?: boolean;
}

/**
 * A consumer for rows of a model: DRF's `GenericAPIView` with DCRF's names. Made by {@link GenericAsyncAPIConsumer}; the model mixins
 * (`ListModelMixin` ...) add its actions. Each hook gets the arguments of the frame.
 */
export class GenericConsumer<
  Q extends AnyQuerySet,
  S extends AnySerializer,
  P extends PaginationClass,
  F extends object = UnknownFilters,
  O extends string = string,
> extends AsyncAPIConsumer {
  /** For the type system only: what the mixins and a typed client infer from. */
  declare readonly types: { queryset: Q; serializer: S; pagination: P; filters: F; ordering: O };
  declare queryset: Q | undefined;
  declare serializerClass: SerializerClass<S> | undefined;
  declare paginationClass: PaginationClass;
  declare filterBackends: readonly (new () => BaseFilterBackend)[];
  declare filterSetClass: FilterSetClass | undefined;
  declare searchFields: readonly string[];
  declare orderingFields: readonly string[] | undefined;
  declare ordering: readonly string[] | undefined;
  declare guessableFields: readonly string[];
  declare lookupField: string;
  declare lookupUrlKwarg: string | undefined;

  /** The rows that this request may see. Override it to narrow them: `super.getQueryset(args).filter({ ownerId: this.scope.user?.id })`. */
  getQueryset(_args: MessageArguments): MaybePromise<Q> {
    if (this.queryset !== undefined) return this.queryset;
    throw new ImproperlyConfigured(
      `${this.constructor.name} needs a queryset: pass { queryset: Model.objects.all() } or override getQueryset().`,
    );
  }

  /** Applies the filter backends. Applies to lists and to the search for one row, as in DRF. */
  filterQueryset(queryset: Q, args: MessageArguments): MaybePromise<Q> {
    if (this.filterBackends.length === 0) return queryset;
    return this.#applyBackends(queryset, args);
  }

  async #applyBackends(queryset: Q, args: MessageArguments): Promise<Q> {
    let narrowed: AnyQuerySet = queryset;
    for (const Backend of this.filterBackends) narrowed = await new Backend().filterQueryset(narrowed, args, this);
    // A backend narrows the queryset that it is given; which model that is does not change.
    return narrowed as Q;
  }

  /**
   * The row that the lookup argument names, if this user may see it.
   *
   * @throws ValidationError (400) when the argument is missing, Http404 when there is no such row, PermissionDenied.
   */
  async getObject(args: MessageArguments): Promise<RowOf<Q>> {
    const found = this.#lookUp(args);
    const queryset = found instanceof Promise ? await found : found;
    const row = queryset === null ? null : await queryset.first();
    if (queryset === null || row === null) throw new Http404();
    const checked = this.checkObjectPermissions(row, args);
    if (checked instanceof Promise) await checked;
    noteJudgedRow(Reflect.get(row, queryset.model.pk.name));
    return row;
  }

  /**
   * The row that {@link getObject} finds, as finished JSON that the database built; null when it has to go through the serializer, because a hook
   * or a permission wants to see it.
   *
   * @throws as `getObject`.
   */
  async getObjectAsJson(args: MessageArguments): Promise<JsonText | null> {
    const projection = this.#showsRowsUnseen(args) ? this.getSerializerClass(args).compiledProjection() : null;
    if (projection === null) return null;
    const found = this.#lookUp(args);
    const queryset = found instanceof Promise ? await found : found;
    const text = queryset === null ? null : await queryset.getJson(projection);
    if (text === null) throw new Http404();
    return text;
  }

  #showsRowsUnseen(args: MessageArguments): boolean {
    const stock = GenericConsumer.prototype;
    if (this.getObject !== stock.getObject || this.getSerializer !== stock.getSerializer) return false;
    if (this.checkObjectPermissions !== stock.checkObjectPermissions) return false;
    return this.lookupField === "pk" && !this.getPermissions(args).some(judgesObjects);
  }

  /** The queryset narrowed to what the lookup argument names; null when no row can have that value. A promise only where a hook gives one. */
  #lookUp(args: MessageArguments): MaybePromise<AnyQuerySet | null> {
    const visible = this.getQueryset(args);
    const filtered =
      visible instanceof Promise
        ? visible.then((queryset) => this.filterQueryset(queryset, args))
        : this.filterQueryset(visible, args);
    return filtered instanceof Promise ? filtered.then((queryset) => this.#narrow(queryset, args)) : this.#narrow(filtered, args);
  }

  #narrow(queryset: AnyQuerySet, args: MessageArguments): AnyQuerySet | null {
    const key = this.lookupUrlKwarg ?? this.lookupField;
    if (!Object.hasOwn(args, key)) throw new ValidationError({ [key]: ["This field is required."] });
    const field = this.lookupField === "pk" ? queryset.model.pk.name : this.lookupField;
    const value = parsePk(queryset.model, args[key], field);
    return value === undefined ? null : queryset.filterUntrusted({ [field]: value });
  }

  /**
   * Asks the permissions' `hasObjectPermission` (DCRF left it out), with the name of the action that the client called: also when a custom
   * action comes here by way of `getObject({ pk })`, and whatever the arguments say.
   */
  protected checkObjectPermissions(row: object, args: MessageArguments): MaybePromise<void> {
    const permissions = this.getPermissions(args);
    if (permissions.length === 0) return;
    return checkObjectPermissions(permissions, this.scope, this, runningActionName(), row, args);
  }

  protected override keyedResource(args: MessageArguments): KeyedResource {
    return {
      resource: [this.constructor.name, this.queryset?.model.tableName ?? ""],
      rows: {
        database: async () => (await this.getQueryset(args)).model.database,
        visible: async () => this.filterQueryset(await this.getQueryset(args), args),
        check: (row) => this.checkObjectPermissions(row, args),
      },
    };
  }

  getSerializer({ action, args, ...given }: GetSerializerOptions): S {
    const Serializer = this.getSerializerClass(args);
    // An override may choose a serializer for other fields; hooks are typed by the one that the resource declares.
    return new Serializer({ ...given, context: this.getSerializerContext(action, args) }) as S;
  }

  /** Chooses the serializer of a request. Default: `serializerClass`. */
  getSerializerClass(_args: MessageArguments): AnySerializerClass {
    if (this.serializerClass !== undefined) return this.serializerClass;
    throw new ImproperlyConfigured(
      `${this.constructor.name} needs a serializer: pass { serializerClass } or override getSerializerClass().`,
    );
  }

  /** Cuts a page out of the rows; null when the resource has no pagination or the pagination answers this list whole. */
  paginateQueryset(queryset: Q, args: MessageArguments): Promise<Page | null> {
    if (this.paginationClass === null) return Promise.resolve(null);
    return new this.paginationClass().paginateQueryset(queryset, args, this);
  }

  /** The page as a queryset with its window, for those who follow it; null when lists are answered whole. */
  windowOf(queryset: Q, args: MessageArguments): Promise<AnyQuerySet | null> {
    if (this.paginationClass === null) return Promise.resolve(null);
    return new this.paginationClass().windowOf(queryset, args, this);
  }

  /**
   * The rows as the client gets them. When the serializer only projects columns, the database builds the JSON text itself; otherwise each row
   * goes through the serializer. Both give the same bytes.
   */
  async serializeMany(queryset: AnyQuerySet, action: string, args: MessageArguments): Promise<JsonText | unknown[]> {
    const Serializer = this.getSerializerClass(args);
    const projection = this.getSerializer === GenericConsumer.prototype.getSerializer ? Serializer.compiledProjection() : null;
    if (projection !== null) return queryset.fetchJson(projection);
    return this.serializeRows(await queryset.toArray(), action, args);
  }

  /** Rows that were read already, as the client gets them; through {@link getSerializer} where that is overridden. */
  serializeRows(rows: readonly object[], action: string, args: MessageArguments): Promise<unknown[]> {
    if (this.getSerializer !== GenericConsumer.prototype.getSerializer) {
      return Promise.all(rows.map((instance) => this.getSerializer({ action, args, instance }).toData()));
    }
    return this.getSerializerClass(args).representMany(rows, this.getSerializerContext(action, args));
  }

  /** What serializers know of the request. */
  getSerializerContext(action: string, args: MessageArguments): Readonly<Record<string, unknown>> {
    return { scope: this.scope, consumer: this, action, args };
  }
}

/** Any consumer made by {@link GenericAsyncAPIConsumer}, with whatever mixins. */
// Mixins ask `any` of their base: its constructor's parameters (a rule of TypeScript), and its serializer, which is invariant.
// oxlint-disable-next-line typescript/no-explicit-any
export type GenericConsumerClass = new (...args: any[]) => AnyGenericConsumer;

/** An instance of any such class. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyGenericConsumer = GenericConsumer<AnyQuerySet, any, any, any, any>;

type Configured<Q extends AnyQuerySet, S extends AnySerializer, P extends PaginationClass, F extends object, O extends string> =
  // oxlint-disable-next-line typescript/no-explicit-any
  new (...args: any[]) => GenericConsumer<Q, S, P, F, O>;

const genericDefaults = {
  queryset: undefined,
  serializerClass: undefined,
  paginationClass: null,
  filterBackends: [],
  filterSetClass: undefined,
  searchFields: [],
  orderingFields: undefined,
  ordering: undefined,
  guessableFields: [],
  lookupField: "pk",
  lookupUrlKwarg: undefined,
};

Object.assign(GenericConsumer.prototype, genericDefaults);

/**
 * Makes the base class of a resource:
 *
 * ```ts
 * class UserConsumer extends mixins(
 *   GenericAsyncAPIConsumer({ queryset: User.objects.all(), serializerClass: UserSerializer }),
 *   ListModelMixin, RetrieveModelMixin,
 * ) {}
 * ```
 */
export function GenericAsyncAPIConsumer<
  Q extends AnyQuerySet,
  S extends AnySerializer,
  P extends PaginationClass = null,
  F extends object = UnknownFilters,
  O extends string = ReadableNames<S>,
>(options: GenericConsumerOptions<Q, S, P, F, O>): Configured<Q, S, P, F, O> {
  const { permissionClasses, throttleClasses, ordered, ...resource } = options;
  class ConfiguredConsumer extends GenericConsumer<Q, S, P, F, O> {
    constructor(connection: Connection) {
      super(connection);
      if (permissionClasses !== undefined) this.permissionClasses = permissionClasses;
      if (throttleClasses !== undefined) this.throttleClasses = throttleClasses;
      if (ordered !== undefined) this.ordered = ordered;
    }
  }
  Object.assign(ConfiguredConsumer.prototype, resource);
  return ConfiguredConsumer;
}
