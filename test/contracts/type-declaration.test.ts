import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { z } from "zod";
import { asyncApiDocument, callsOfContract, callsOfDocument, describeRoutes, typeDeclaration } from "../../src/contracts.ts";
import { action, AsyncAPIConsumer, path } from "../../src/index.ts";
import { checkTypes } from "../docs/check-types.ts";
import { board } from "./example-routes.ts";

const boardContract = describeRoutes(await board());

test("the declaration that the types tests compare with the server's own is the one that is made", async () => {
  const file = new URL("../types/board-api.ts", import.meta.url).pathname;
  const options = { ...(await resolveConfig(file)), filepath: file };
  expect(await format(typeDeclaration(callsOfContract(boardContract)), options)).toBe(readFileSync(file, "utf8"));
});

test("it is the same whether made from the routes or from their AsyncAPI document", () => {
  const document: unknown = JSON.parse(JSON.stringify(asyncApiDocument(boardContract)));
  expect(typeDeclaration(callsOfDocument(document))).toBe(typeDeclaration(callsOfContract(boardContract)));
  expect(() => callsOfDocument({ asyncapi: "3.0.0" })).toThrow("whose operations have x-restwave");
});

test("it compiles for streams, odd names and any path, and types what is called", { timeout: 120_000 }, async () => {
  class RecordConsumer extends AsyncAPIConsumer {
    sendNow = action(
      { input: z.object({ "odd-name": z.string(), pair: z.tuple([z.number(), z.string()]).optional() }) },
      () => null,
    );
    count = action({ input: z.object({ to: z.number() }), output: z.number() }, async function* () {
      yield 1;
    });
  }
  class ClockConsumer extends AsyncAPIConsumer {
    now = action({ output: z.string() }, () => "now");
  }
  const contract = describeRoutes([path("records/", RecordConsumer), path("clock/<int:zone>/", ClockConsumer)]);
  const use = `
    import { createClient } from "restwave/client";
    import type { Routes } from "./api.ts";
    const records = createClient<Routes["/records/"]>("ws://localhost/records/");
    export async function use(): Promise<number> {
      await records.sendNow({ "odd-name": "x" });
      // @ts-expect-error
      await records.sendNow({});
      let sum = 0;
      for await (const n of records.count({ to: 3 })) sum += n;
      return sum;
    }
    export const now = async (): Promise<string> =>
      createClient<Routes["/clock/<int:zone>/"]>("ws://localhost/clock/1/").now();`;
  const modules = new Map([
    ["types/api.ts", typeDeclaration(callsOfContract(contract))],
    ["types/use.ts", use],
  ]);
  expect(await checkTypes(modules)).toEqual([]);
});

test("a document from elsewhere cannot put code into it", () => {
  const evil = '"; } export const evil = 1; //';
  const schema = { type: "object", properties: { [evil]: { const: evil } }, required: [evil] };
  const call = {
    name: evil,
    kind: "action",
    model: null,
    input: schema,
    output: { type: "constructor" },
    items: null,
    resource: evil,
    path: evil,
    stream: evil,
  } as const;
  const text = typeDeclaration({ schemas: { [evil]: schema }, calls: [call] });
  expect(text.split("\n").filter((line) => /^\s*(?:"; \})?\s*export const/.test(line))).toEqual([]);
  expect(text.replaceAll(JSON.stringify(evil), "").replaceAll(JSON.stringify(`/${evil}`), "")).not.toContain("evil = 1");
  expect(text).toContain("Promise<unknown>");
});
