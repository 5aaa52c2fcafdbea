export {
  createExplorer,
  type ExploredOptions,
  type Explorer,
  type ExplorerServed,
  type ExplorerSurroundings,
} from "./explorer/create-explorer.ts";
export type { ExplorerHttp } from "./explorer/explorer-http.ts";
export type { ExplorerOptions, ExplorerUser } from "./explorer/explorer-options.ts";
export type { RequestClient } from "./explorer/request-scope.ts";
