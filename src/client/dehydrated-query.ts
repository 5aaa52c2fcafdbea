import { ParseError } from "../protocol/exceptions.ts";
import { encodeJson, parseJson } from "../protocol/json.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";
import type { SubscriptionRequest } from "./subscription.ts";

/** A live query on its way from the server that rendered it to the browser: what it asks for, what was answered, and where it goes on. */
export interface DehydratedQuery {
  readonly request: SubscriptionRequest;
  /** As the server would answer. */
  readonly data: unknown;
  readonly position: string;
  readonly pkField: string | undefined;
}

/** What a query asks for, as text. */
export function requestKey({ stream, kind, args }: SubscriptionRequest): string {
  return canonicalJson([kind, stream, args]);
}

/** JSON that may stand inside of a `<script>`. */
export function writeDehydrated(queries: readonly DehydratedQuery[]): string {
  // Nothing in it can end the element, or begin a comment in it.
  return encodeJson(queries).replaceAll("<", String.raw`\u003c`);
}

/** Queries by `requestKey`. @throws ParseError for what `writeDehydrated` has not written. */
export function readDehydrated(text: string): Map<string, DehydratedQuery> {
  const found = parseJson(text);
  if (!Array.isArray(found) || !found.every(isDehydrated))
    throw new ParseError("Expected { hydrate } to be what dehydrate() gave, got other JSON.");
  return new Map(found.map((query) => [requestKey(query.request), query]));
}

function isDehydrated(value: unknown): value is DehydratedQuery {
  const { request, position } = Object(value);
  const { kind, args } = Object(request);
  return typeof position === "string" && typeof kind === "string" && typeof args === "object";
}
