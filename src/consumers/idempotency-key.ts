import { createHash } from "node:crypto";
import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured, ValidationError } from "../protocol/exceptions.ts";
import { encodeJson } from "../protocol/json.ts";
import type { Scope } from "../protocol/scope.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";
import { isAnonymous } from "../throttling/client-identity.ts";

/** The argument by which a client marks a write that it may have to send again. */
export const IDEMPOTENCY_KEY = "idempotency_key";

/** Longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 128;

const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The arguments that an action gets to see. */
export function withoutKey(args: MessageArguments): MessageArguments {
  const { [IDEMPOTENCY_KEY]: _key, ...rest } = args;
  return rest;
}

/**
 * A digest of who asks which resource under which key: no answer is ever found by another user.
 *
 * An anonymous client is nobody in particular, so there the key alone must be what others cannot guess.
 *
 * @throws ValidationError when the key is none, or on an anonymous connection no random UUID.
 */
export function requestIdentity(scope: Scope, resource: readonly string[], key: unknown): string {
  if (typeof key !== "string" || key === "" || Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new ValidationError({ [IDEMPOTENCY_KEY]: [`Expected a string of 1 to ${MAX_KEY_BYTES} bytes.`] });
  if (isAnonymous(scope) && !RANDOM_UUID.test(key))
    throw new ValidationError({ [IDEMPOTENCY_KEY]: ["Expected a random UUID (version 4), since nobody is logged in."] });
  return digest(encodeJson([userOf(scope), resource, key]));
}

/**
 * A digest of what is asked: equal however the client wrote it, as long as it means the same. With the key in it, which is stored nowhere, it
 * does not help whoever reads the table to guess a password among the arguments.
 */
export function requestContent(action: string, args: MessageArguments, scope: Scope): string {
  const { action: _action, request_id: _requestId, ...content } = args;
  return digest(canonicalJson([action, content, scope.pathParams]));
}

function userOf(scope: Scope): readonly string[] {
  if (isAnonymous(scope)) return [];
  const id: unknown = Reflect.get(Object(scope.user), "id");
  if (typeof id === "string" || typeof id === "number" || typeof id === "bigint") return [typeof id, String(id)];
  throw new ImproperlyConfigured(
    `Expected scope.user to have an id that is a string or a number, got ${id === null ? "null" : typeof id}: an idempotency_key counts per user.`,
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
