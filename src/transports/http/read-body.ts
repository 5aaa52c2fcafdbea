import { ParseError, UnsupportedMediaType } from "../../protocol/exceptions.ts";
import { parseJson } from "../../protocol/json.ts";
import { PayloadTooLarge } from "./payload-too-large.ts";
import { RequestTimeout } from "./request-timeout.ts";
import { withDeadline } from "./with-deadline.ts";

/** How a body may be. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeout: number;
  readonly maxDepth: number;
}

/**
 * The JSON value that a body holds; undefined when there is no body.
 *
 * @throws UnsupportedMediaType (415), PayloadTooLarge (413), RequestTimeout (408), ParseError (400).
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > limits.maxBodyBytes) throw tooLarge(limits);
  const { body } = request;
  if (body === null) return undefined;
  // What comes too late, or cannot be read, still has to be let go of.
  const reader = body.getReader();
  try {
    const bytes = await withDeadline(readAll(reader, limits), limits.bodyTimeout, () => new RequestTimeout());
    if (bytes.length === 0) return undefined;
    demandJson(request.headers.get("content-type"));
    return parse(bytes, limits.maxDepth);
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
}

function tooLarge({ maxBodyBytes }: BodyLimits): PayloadTooLarge {
  return new PayloadTooLarge(`Expected a body of at most ${maxBodyBytes} bytes.`);
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, limits: BodyLimits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let step = await read(reader); !step.done; step = await read(reader)) {
    size += step.value.length;
    if (size > limits.maxBodyBytes) throw tooLarge(limits);
    chunks.push(step.value);
  }
  const bytes = new Uint8Array(size);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (error) {
    throw new ParseError("The body ended before it was whole.", undefined, { cause: error });
  }
}

/** Only JSON: a page of another origin can send forms and plain text without asking first. */
function demandJson(contentType: string | null): void {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json$/.test(type)) throw new UnsupportedMediaType(type.slice(0, 128));
}

function parse(bytes: Uint8Array, maxDepth: number): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), maxDepth);
  } catch (error) {
    // Nesting that is too deep has a message of its own.
    if (error instanceof ParseError && error.cause === undefined) throw error;
    throw new ParseError("JSON parse error: expected the body to be one JSON value in UTF-8.", undefined, { cause: error });
  }
}
