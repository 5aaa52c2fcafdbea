declare const results: unique symbol;

/** Stands in an envelope's type for the rows of the page, whose type only the consumer's serializer knows. */
export interface Results {
  readonly [results]: never;
}

/**
 * What `list` answers for a consumer with pagination `P` and rows `Out`: the envelope that `P` declares, with the rows in place of `Results`.
 *
 * Example: `EnvelopeOf<LimitOffsetPagination, User>` is `{ count: number; results: User[]; limit: number; offset: number }`.
 */
export type EnvelopeOf<P extends { readonly types: { readonly envelope: object } }, Out> = {
  [K in keyof P["types"]["envelope"]]: P["types"]["envelope"][K] extends Results ? Out[] : P["types"]["envelope"][K];
};
