import type { IncomingMessage, ServerResponse } from "node:http";
import type { Routes } from "../routing/route.ts";
import { contractsHandler, type ContractsOptions, isContractPath } from "./contracts-handler.ts";

/**
 * {@link contractsHandler} for the option `http` of `serve`: resolves with false for every other path, so that other pages can follow.
 *
 * ```ts
 * const contracts = contractsHttp(routes, { title: "Shop", version: "1.0.0" });
 * await serve({ routes, http: async (request, response) => (await contracts(request, response)) || servePages(request, response) });
 * ```
 */
export function contractsHttp(
  routes: Routes,
  options: ContractsOptions = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const handle = contractsHandler(routes, options);
  return async (request, response) => {
    const [path = "/"] = (request.url ?? "/").split("?", 1);
    if (!isContractPath(path)) return false;
    // The host is of no meaning to the handler.
    const answer = handle(new Request(`http://localhost${path}`, { method: request.method ?? "GET" }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
    return true;
  };
}
