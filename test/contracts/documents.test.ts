import { afterAll, describe, expect, test } from "vitest";
import { asyncApiDocument, describeRoutes, openApiDocument } from "../../src/contracts.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { blogOf } from "../security/blog.ts";
import { openBlogDatabase } from "../security/blog-database.ts";
import type { DocumentOptions } from "../../src/contracts/document-options.ts";
import { board, quickstart } from "./example-routes.ts";
import { asyncApiProblems, openApiProblems } from "./validate-documents.ts";

/** AsyncAPI's parser takes seconds for a document of some size. */
const PATIENCE = { timeout: 90_000 };

const database = await openBlogDatabase(sqliteFile);
afterAll(() => database.close());

describe.each([
  ["the quickstart", (await quickstart()).routes],
  ["the board", await board()],
  ["the blog", blogOf(database)],
])("of %s", (_name, routes) => {
  const contract = describeRoutes(routes);

  test("the AsyncAPI document is valid by AsyncAPI's own parser", PATIENCE, async () => {
    expect(await asyncApiProblems(asyncApiDocument(contract))).toEqual([]);
  });

  test("the OpenAPI document is valid, and all its references lead somewhere", async () => {
    expect(await openApiProblems(openApiDocument(contract, { url: "wss://example.com" }))).toEqual([]);
  });
});

test("the validators find what is wrong", PATIENCE, async () => {
  const contract = describeRoutes((await board()).slice(0, 1));
  expect(await asyncApiProblems({ ...asyncApiDocument(contract), channels: { ws: { messages: 1 } } })).not.toEqual([]);
  expect(await openApiProblems({ ...openApiDocument(contract), info: {} })).not.toEqual([]);
  expect(await openApiProblems({ ...openApiDocument(contract), components: {} })).not.toEqual([]);
});

test("a document names where it is served", () => {
  const contract = { schemas: {}, resources: [] };
  expect(asyncApiDocument(contract, { title: "Shop", version: "2.0.0", url: "https://example.com/api" })).toMatchObject({
    info: { title: "Shop", version: "2.0.0" },
    servers: { default: { host: "example.com", protocol: "wss", pathname: "/api" } },
  });
  const servers = (options: DocumentOptions) => openApiDocument(contract, options)["servers"];
  expect(servers({ url: "wss://example.com" })).toEqual([{ url: "https://example.com/api" }]);
  expect(servers({ url: "https://example.com/", prefix: "/v1/" })).toEqual([{ url: "https://example.com/v1" }]);
  expect(servers({})).toEqual([{ url: "/api" }]);
  expect(servers({ prefix: "/" })).toEqual([{ url: "/" }]);
});
