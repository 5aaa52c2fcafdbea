/** What the caller hands to a serializer and its fields; a consumer passes at least `scope` and `consumer`. */
export type SerializerContext = Readonly<Record<string, unknown>>;

export const emptyContext: SerializerContext = Object.freeze({});
