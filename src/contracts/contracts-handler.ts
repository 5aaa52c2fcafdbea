import type { Routes } from "../routing/route.ts";
import { asyncApiDocument } from "./async-api-document.ts";
import { describeRoutes, type DescribeOptions } from "./describe-routes.ts";
import type { DocumentOptions } from "./document-options.ts";
import { openApiDocument } from "./open-api-document.ts";
import type { Contract } from "./contract.ts";

/** What the documents say, and of what. */
export interface ContractsOptions extends DocumentOptions, DescribeOptions {}

type Build = (contract: Contract, options: DocumentOptions) => object;

const DOCUMENTS: ReadonlyMap<string, Build> = new Map([
  ["/asyncapi.json", asyncApiDocument],
  ["/openapi.json", openApiDocument],
]);

/**
 * Serves `/asyncapi.json` and `/openapi.json` as a web-standard handler: `(Request) => Response`, 404 for every other path. Each document is made when
 * it is first asked for. Whoever can reach it reads all of it: put it behind what guards the rest of your pages, if anything does.
 */
export function contractsHandler(routes: Routes, options: ContractsOptions = {}): (request: Request) => Response {
  const texts = new Map<string, string>();
  const textOf = (path: string, build: Build): string => {
    const text = texts.get(path) ?? JSON.stringify(build(describeRoutes(routes, options), options));
    texts.set(path, text);
    return text;
  };
  return (request) => {
    const { pathname } = new URL(request.url);
    const build = DOCUMENTS.get(pathname);
    if (build === undefined) return plain(404, "Not found");
    if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "Method not allowed", { allow: "GET, HEAD" });
    const body = request.method === "HEAD" ? null : textOf(pathname, build);
    return new Response(body, { headers: { "content-type": "application/json", "cache-control": "no-cache" } });
  };
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}

/** Is this the path of one of the documents? */
export function isContractPath(path: string): boolean {
  return DOCUMENTS.has(path);
}
