import type { Authenticate } from "../consumers/authenticate.ts";
import { APIException } from "../protocol/exceptions.ts";
import type { ExplorerContract } from "./inspection.ts";
import type { ExplorerGate } from "./explorer-gate.ts";
import { EXPLORER_PREFIX, isExplorerPath } from "./explorer-path.ts";
import { hostOf } from "./is-own-page.ts";
import { answerHeaders, pageHeaders } from "./page-headers.ts";
import type { PageFile, PageFiles } from "./page-files.ts";
import { type RequestClient, RequestScope } from "./request-scope.ts";

/** What the page and the contract are served with. */
export interface SiteParts {
  readonly gate: ExplorerGate;
  readonly authenticate: Authenticate;
  readonly trustProxy: boolean;
  readonly files: PageFiles;
  readonly contract: () => ExplorerContract;
}

const NOBODY: RequestClient = { address: "", port: 0 };

/** Answers what lies below `/explorer/`: the page, its files, the contract. */
export class ExplorerSite {
  readonly #parts: SiteParts;
  #contract: string | null = null;

  constructor(parts: SiteParts) {
    this.#parts = parts;
  }

  /** @returns null for a path that is not the explorer's. */
  async answer(request: Request, client: RequestClient = NOBODY): Promise<Response | null> {
    const url = new URL(request.url);
    if (!isExplorerPath(url.pathname)) return null;
    try {
      await this.#admit(new RequestScope(request, url, this.#clientOf(request, client)));
    } catch (error) {
      if (!(error instanceof APIException) || error.status >= 500) throw error;
      return plain(error.status, error.status === 404 ? "Not found" : error.message);
    }
    const answered = await this.#serve(request, url);
    return request.method === "HEAD" ? new Response(null, answered) : answered;
  }

  async #admit(scope: RequestScope): Promise<void> {
    const { gate, authenticate } = this.#parts;
    if (gate.asksWho) scope.identify(await authenticate(scope));
    await gate.admit(scope);
  }

  /** Only the last entry is the word of a trusted proxy. */
  #clientOf({ headers }: Request, client: RequestClient): RequestClient {
    const forwarded = this.#parts.trustProxy ? headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
    return forwarded ? { address: forwarded, port: 0 } : client;
  }

  async #serve(request: Request, { pathname, search }: URL): Promise<Response> {
    if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "Method not allowed", { allow: "GET, HEAD" });
    if (!pathname.startsWith(EXPLORER_PREFIX))
      return new Response(null, { status: 308, headers: { ...answerHeaders, location: `${EXPLORER_PREFIX}${search}` } });
    const name = decoded(pathname.slice(EXPLORER_PREFIX.length));
    if (name === null) return plain(404, "Not found");
    return name === "contract.json" ? this.#describe() : this.#showFile(request, name);
  }

  #describe(): Response {
    this.#contract ??= JSON.stringify(this.#parts.contract());
    return new Response(this.#contract, {
      headers: { ...answerHeaders, "content-type": "application/json", "cache-control": "no-store" },
    });
  }

  async #showFile(request: Request, name: string): Promise<Response> {
    const { files, trustProxy } = this.#parts;
    // The page finds its own way where a path names no file.
    const file = await files.find(/\.[^/]*$/.test(name) ? name : "index.html");
    const headers = pageHeaders(hostOf(request.headers, trustProxy));
    if (file !== null) return toResponse(file, request, headers);
    if ((await files.find("index.html")) !== null) return plain(404, "Not found");
    return new Response(NOT_BUILT, { status: 503, headers: { ...headers, "content-type": "text/html; charset=utf-8" } });
  }
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The explorer is not built</title>
<h1>The explorer is not built</h1>
<p>Its page is made from its source. Run <code>npm run build:explorer</code> in the folder of Restwave and load this page again.</p>
</html>
`;

function toResponse(file: PageFile, request: Request, headers: Readonly<Record<string, string>>): Response {
  const all = {
    ...headers,
    "content-type": file.type,
    "cache-control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    etag: file.etag,
  };
  const known = request.headers.get("if-none-match")?.split(",").map(opaque) ?? [];
  if (known.includes(file.etag)) return new Response(null, { status: 304, headers: all });
  return new Response(file.body, { headers: { ...all, "content-length": String(file.body.length) } });
}

/** A proxy that compresses makes an ETag a weak one. */
function opaque(etag: string): string {
  return etag.trim().replace(/^W\//, "");
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  const all = { ...answerHeaders, "content-type": "text/plain; charset=utf-8", ...headers };
  return new Response(`${text}\n`, { status, headers: all });
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
