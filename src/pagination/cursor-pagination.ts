import { normalizeLookups } from "../models/normalize-lookups.ts";
import { orderingKeys } from "../models/ordering-keys.ts";
import type { AnyQuerySet } from "../models/queryset.ts";
import { allOf } from "../models/where.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured, NotFound, ValidationError } from "../protocol/exceptions.ts";
import { BasePagination, type Page } from "./base-pagination.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";
import { type CursorKey, cursorKeys, orderingOf, reversed, valuesOf } from "./cursor-keys.ts";
import { type CursorPosition, decodePosition, encodePosition } from "./cursor-position.ts";
import { CursorSeal } from "./cursor-seal.ts";
import type { Results } from "./envelope.ts";
import { rangeBehind, rowsBehind } from "./rows-behind.ts";
import { pageSizeOf } from "./page-size.ts";
import type { PaginationConsumer } from "./pagination-consumer.ts";

/** What a client gets of a page by cursor. */
export interface CursorEnvelope {
  /** The cursor of the next page; null on the last. */
  readonly next: string | null;
  /** The cursor of the previous page; null on the first. */
  readonly previous: string | null;
  readonly results: Results;
}

/** One seal per class: its keys take some time to derive. */
const seals = new WeakMap<object, { readonly secret: string | Uint8Array | undefined; readonly seal: CursorSeal }>();

/**
 * Pages by an opaque cursor: a client sends `cursor` with what an earlier page gave as `next` or `previous` (null or nothing for the first
 * page), and `page_size` if it likes.
 *
 * A cursor remembers a place between two rows, not a number of rows: rows that are added or removed elsewhere make no row appear twice and
 * none disappear. It is sealed (see `CursorSeal`), so that it shows no value and cannot be made up, and it belongs to one list: one of
 * another model, ordering, search or filter, or one that was tampered with, is a 404 `Invalid cursor`.
 *
 * The list needs an ordering, from the queryset (`OrderingFilter` included) or from `ordering`; the primary key is added to it. A row whose
 * ordering column changes moves, as in every list.
 */
export class CursorPagination extends BasePagination {
  declare readonly types: { readonly envelope: CursorEnvelope };

  /** The order where the queryset has none: columns of the model, `-` before one that descends. */
  readonly ordering: string | readonly string[] | undefined = undefined;
  /** Rows per page when the client names no `page_size`. Default 100. */
  readonly pageSize: number = 100;
  /** Most rows that a client may ask for. Default 1000; null: no maximum. */
  readonly maxPageSize: number | null = 1000;
  /**
   * Seals cursors; 32 random bytes or more. Default: made when the process starts, so cursors end with it and no other process takes them:
   * set one where a service restarts under its clients or runs in several processes.
   */
  readonly secret: string | Uint8Array | undefined = undefined;

  override async paginateQueryset(
    queryset: AnyQuerySet,
    args: MessageArguments,
    consumer: PaginationConsumer = {},
  ): Promise<Page> {
    const size = pageSizeOf(args, this.pageSize, this.maxPageSize);
    const keys = cursorKeys(queryset.model, this.getOrdering(queryset));
    refuseWriteOnly(keys, consumer.getSerializerClass?.(args).writeOnlyFieldNames ?? []);
    const context = canonicalJson([queryset.model.name, orderingOf(keys), this.getCursorContext(args)]);
    const position = this.#readCursor(args, context);
    const limited = place(queryset, keys, position);
    const found = await limited.slice(0, Math.min(size, Number.MAX_SAFE_INTEGER - 1) + 1).toArray();
    const links = linksOf(keys, position, found, size);
    const write = (to: CursorPosition | null) => (to === null ? null : this.#seal().seal(context, encodePosition(to)));
    const next = write(links.next);
    const previous = write(links.previous);
    return {
      queryset: limited.slice(0, size),
      rows: links.rows,
      nextArguments: next === null ? null : { cursor: next, page_size: size },
      envelope: (results) => ({ next, previous, results }),
    };
  }

  /** @throws ValidationError for a cursor that leads back: a window that is followed has a beginning, not an end. */
  override async windowOf(queryset: AnyQuerySet, args: MessageArguments, consumer?: PaginationConsumer): Promise<AnyQuerySet> {
    const { queryset: window } = await this.paginateQueryset(queryset, args, consumer);
    const keys = cursorKeys(queryset.model, this.getOrdering(queryset));
    const context = canonicalJson([queryset.model.name, orderingOf(keys), this.getCursorContext(args)]);
    if (this.#readCursor(args, context)?.backwards !== true) return window;
    throw new ValidationError({ cursor: ["Expected a cursor that leads forward: take the one that a page gave as next."] });
  }

  /** The order of the list. @throws ImproperlyConfigured when neither the queryset nor the class has one. */
  getOrdering(queryset: AnyQuerySet): readonly string[] {
    if (queryset.isOrdered) return orderingKeys(queryset);
    if (this.ordering !== undefined) return typeof this.ordering === "string" ? [this.ordering] : this.ordering;
    throw new ImproperlyConfigured(
      `${this.constructor.name} of ${queryset.model.name} needs an ordering. Add: override readonly ordering = "-created"; or order the queryset.`,
    );
  }

  /** The arguments that decide which rows the list has: a cursor made under others is refused. Default: `filters` and `search`. */
  getCursorContext(args: MessageArguments): unknown {
    const { filters, search } = args;
    return [filters ?? null, search ?? null];
  }

  #readCursor(args: MessageArguments, context: string): CursorPosition | null {
    const cursor = Object.hasOwn(args, "cursor") ? args["cursor"] : undefined;
    if (cursor === undefined || cursor === null) return null;
    if (typeof cursor !== "string") throw new ValidationError({ cursor: ["Not a valid string."] });
    const text = this.#seal().open(context, cursor);
    if (text === null) throw new NotFound("Invalid cursor");
    return decodePosition(text);
  }

  #seal(): CursorSeal {
    const known = seals.get(this.constructor);
    if (known !== undefined && known.secret === this.secret) return known.seal;
    const seal = new CursorSeal(this.secret);
    seals.set(this.constructor, { secret: this.secret, seal });
    return seal;
  }
}

/** The order of a list shows how its rows compare, which is enough to guess a value. */
function refuseWriteOnly(keys: readonly CursorKey[], hidden: readonly string[]): void {
  const found = keys.find(({ column }) => hidden.includes(column.name));
  if (found === undefined) return;
  throw new ImproperlyConfigured(
    `CursorPagination: expected an ordering by fields that clients may see, got "${found.column.name}", which is write-only.`,
  );
}

/** The queryset from `position` on, in the direction of the position. */
function place(queryset: AnyQuerySet, keys: readonly CursorKey[], position: CursorPosition | null): AnyQuerySet {
  const direction = position?.backwards ? reversed(keys) : keys;
  const ordered = queryset.orderByUntrusted(orderingOf(direction));
  if (position === null) return ordered;
  const { resolver } = queryset.model;
  const alternatives = rowsBehind(direction, position.values, position.inclusive);
  const children = alternatives.map((lookups) => normalizeLookups(resolver, lookups)).filter((where) => where !== null);
  if (children.length === 0) return ordered.none();
  const range = normalizeLookups(resolver, rangeBehind(direction, position.values));
  const behind = allOf([range, { type: "or", children }]);
  return behind === null ? ordered : ordered.where(behind);
}

interface Links {
  /** In the order of the list. */
  readonly rows: readonly object[];
  readonly next: CursorPosition | null;
  readonly previous: CursorPosition | null;
}

/** @param found the page's rows from the position on, and one more if there is one. */
function linksOf(keys: readonly CursorKey[], position: CursorPosition | null, found: readonly object[], size: number): Links {
  const backwards = position?.backwards ?? false;
  const rows = found.slice(0, size);
  const onwards = found.length > size ? beside(keys, rows.at(-1), backwards) : null;
  // The page lies behind its position, so the other way leads back over it; an empty page has no row to start from but the position itself.
  const back = position === null ? null : (beside(keys, rows[0], !backwards) ?? across(position));
  return backwards ? { rows: rows.toReversed(), next: back, previous: onwards } : { rows, next: onwards, previous: back };
}

function beside(keys: readonly CursorKey[], row: object | undefined, backwards: boolean): CursorPosition | null {
  return row === undefined ? null : { values: valuesOf(keys, row), backwards, inclusive: false };
}

function across({ values, backwards, inclusive }: CursorPosition): CursorPosition {
  return { values, backwards: !backwards, inclusive: !inclusive };
}
