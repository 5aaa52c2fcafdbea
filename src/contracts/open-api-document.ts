import type { JsonSchema } from "../protocol/json-schema.ts";
import type { Contract } from "./contract.ts";
import { type DocumentOptions, infoOf } from "./document-options.ts";
import { ERROR_SCHEMAS, errorResponses } from "./http-responses.ts";
import { openApiPaths } from "./open-api-paths.ts";
import { rebaseReferences } from "./rebase-references.ts";
import { SCHEMAS } from "./schema-registry.ts";

/** An OpenAPI 3.1 document of the HTTP binding: rows under `/users/` and `/users/{pk}/`, actions of the application under `/users/rename/`. */
export function openApiDocument({ schemas, resources }: Contract, options: DocumentOptions = {}): JsonSchema {
  const document = {
    openapi: "3.1.0",
    info: infoOf(options),
    servers: [{ url: serverOf(options) }],
    paths: Object.fromEntries(resources.flatMap((resource) => Object.entries(openApiPaths(resource)))),
    components: { schemas: { ...schemas, ...ERROR_SCHEMAS }, responses: errorResponses() },
    tags: resources.map(({ name, permissions }) => ({ name, description: describePermissions(permissions) })),
  };
  return rebaseReferences(document, SCHEMAS, "#/components/schemas/");
}

/** Relative to the document where it is not said where it is served. */
function serverOf({ url = "", prefix = "/api/" }: DocumentOptions): string {
  const base = url.replace(/^ws/, "http").replace(/\/+$/, "") + prefix.replace(/\/+$/, "");
  return base === "" ? "/" : base;
}

function describePermissions(permissions: readonly string[]): string {
  return permissions.length === 0 ? "Open to everybody." : `Permissions: ${permissions.join(", ")}.`;
}
