import { type APIException, Throttled } from "../../protocol/exceptions.ts";
import { encodeJson } from "../../protocol/json.ts";
import { JSON_TYPE } from "./accepted-types.ts";
import type { AnswerFrame } from "./answer-frame.ts";
import { errorBody } from "./error-body.ts";

type HeaderList = Readonly<Record<string, string>>;

/** What every answer says: it was made for this user, by what the request accepts, and is what it says it is. */
const COMMON: HeaderList = { "cache-control": "no-store", vary: "Accept", "x-content-type-options": "nosniff" };

/** The answers of an HTTP API. */
export class HttpResponses {
  private readonly wwwAuthenticate: string;

  constructor(wwwAuthenticate: string) {
    this.wwwAuthenticate = wwwAuthenticate;
  }

  /** @param text finished JSON. */
  json(status: number, text: string, headers: HeaderList = {}): Response {
    const body = new TextEncoder().encode(text);
    const own = { "content-type": JSON_TYPE, "content-length": String(body.length) };
    return new Response(body, { status, headers: { ...COMMON, ...own, ...headers } });
  }

  empty(status: number, headers: HeaderList = {}): Response {
    return new Response(null, { status, headers: { ...COMMON, ...headers } });
  }

  stream(body: ReadableStream<Uint8Array>, contentType: string): Response {
    // nginx holds back what it thinks is a page.
    return new Response(body, { headers: { ...COMMON, "content-type": contentType, "x-accel-buffering": "no" } });
  }

  /** @param refusal the exception that the answer tells of, where it is known. */
  error(answer: Pick<AnswerFrame, "status" | "errors" | "errorId">, { refusal, allow, hasFilters }: ErrorFacts): Response {
    return this.json(answer.status, encodeJson(errorBody(answer, refusal, hasFilters)), {
      ...(answer.status === 401 ? { "www-authenticate": this.wwwAuthenticate } : {}),
      ...(answer.status === 405 ? { allow: allow.join(", ") } : {}),
      ...(refusal instanceof Throttled && refusal.wait !== null ? { "retry-after": String(refusal.wait) } : {}),
    });
  }
}

/** What an error answer says besides its message. */
export interface ErrorFacts {
  readonly refusal: APIException | null;
  /** The methods that are allowed. */
  readonly allow: readonly string[];
  readonly hasFilters: boolean;
}

/** The same answer without its body. */
export function withoutBody({ status, headers }: Response): Response {
  return new Response(null, { status, headers });
}
