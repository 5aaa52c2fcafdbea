/** What a list can be asked for. Which of them a resource knows is up to its filter backends and pagination; others are ignored. */
export interface ListArguments {
  /** Lookups by name, of those that the resource's filter set allows: `{ email__icontains: "x" }`. */
  readonly filters?: Readonly<Record<string, unknown>>;
  readonly search?: string;
  /** Field names, a minus for descending: `"-id,name"` or `["-id", "name"]`. */
  readonly ordering?: string | readonly string[];
  readonly limit?: number;
  readonly offset?: number;
  readonly page?: number | string;
  readonly page_size?: number;
  readonly cursor?: string;
  readonly [argument: string]: unknown;
}
