export { asyncApiDocument } from "./contracts/async-api-document.ts";
export type {
  ActionContract,
  ActionKind,
  ConsumerContract,
  Contract,
  Lookup,
  Place,
  ResourceContract,
} from "./contracts/contract.ts";
export { contractsHandler, type ContractsOptions } from "./contracts/contracts-handler.ts";
export { contractsHttp } from "./contracts/contracts-http.ts";
export { type ConsumerDescription, DescribeMixin } from "./contracts/describe-mixin.ts";
export { type DescribeOptions, describeRoutes } from "./contracts/describe-routes.ts";
export type { DocumentOptions } from "./contracts/document-options.ts";
export { openApiDocument } from "./contracts/open-api-document.ts";
export type { JsonSchema } from "./protocol/json-schema.ts";
export { callsOfContract, callsOfDocument, type DeclaredCall, type DeclaredCalls } from "./contracts/declared-call.ts";
export { typeDeclaration } from "./contracts/type-declaration.ts";
