export { createHttpHandler, type HttpApi } from "./transports/http/create-http-handler.ts";
export type { RequestInfo } from "./transports/http/http-host.ts";
export type { CorsOptions, HttpApiOptions } from "./transports/http/http-options.ts";
export { type NodeHandler, toNodeHandler } from "./transports/http/to-node-handler.ts";
