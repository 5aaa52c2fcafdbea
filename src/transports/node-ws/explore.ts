import type { ExplorerHttp } from "../../explorer/explorer-http.ts";
import { isDevelopment } from "../../explorer/is-development.ts";
import { resolveHttpOptions } from "../http/http-options.ts";
import type { ServeOptions } from "./serve.ts";

/** A server's options with what the explorer changes of them, where it is on. */
export interface ExploredServer {
  readonly options: ServeOptions;
  /** For the HTTP binding, which does not serve the inspector. */
  readonly httpOptions: ServeOptions;
  /** null: it is off. */
  readonly http: ExplorerHttp | null;
}

/** Puts the explorer into a server's options. Where it is off nothing of it is loaded. @throws ImproperlyConfigured */
export async function explore(options: ServeOptions): Promise<ExploredServer> {
  const { explorer = isDevelopment(process.env), httpApi = false } = options;
  if (explorer === false) return { options, httpOptions: options, http: null };
  const { createExplorer } = await import("../../explorer/create-explorer.ts");
  const prefix = httpApi === true ? {} : httpApi;
  const httpPrefix = prefix === false ? null : resolveHttpOptions({ routes: options.routes, ...prefix }).prefix;
  return createExplorer(options, explorer === true ? {} : explorer, { httpPrefix });
}
