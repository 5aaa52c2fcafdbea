/** A field's name for ascending order, or with a minus before it for descending: `"id"`, `"-id"`. */
type OrderingKey<O extends string> = O | `-${O}`;

/**
 * What a list can be asked for. Which of them a resource knows is up to its filter backends and pagination; others are ignored.
 *
 * `Filters` are those of its filter set, `O` the names of the fields that it can be ordered by.
 */
export interface ListArguments<Filters extends object = Readonly<Record<string, unknown>>, O extends string = string> {
  /** Lookups by name, of those that the resource's filter set allows: `{ email__icontains: "x" }`. */
  readonly filters?: Filters;
  readonly search?: string;
  /** Field names, a minus for descending: `"-id"` or `["-id", "name"]`. On the wire `"-id,name"` means the same; no type could check it. */
  readonly ordering?: OrderingKey<O> | readonly OrderingKey<O>[];
  readonly limit?: number;
  readonly offset?: number;
  readonly page?: number | string;
  readonly page_size?: number;
  readonly cursor?: string;
  readonly [argument: string]: unknown;
}
