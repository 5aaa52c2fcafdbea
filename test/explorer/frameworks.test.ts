import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { createExplorer, type Explorer, type ExploredOptions } from "../../src/explorer.ts";
import { action, AsyncAPIConsumer, attach, path } from "../../src/index.ts";
import { listen } from "../../src/transports/node-ws/listen.ts";
import { onCleanup } from "../transports/test-server.ts";
import { ask, builtPage, connect, get } from "./start-explored.ts";

class EchoConsumer extends AsyncAPIConsumer {
  echo = action((args) => args);
}

async function made(): Promise<Explorer<ExploredOptions>> {
  return createExplorer({ routes: [path("ws/", EchoConsumer)] }, { title: "Echo" }, { pageFolder: await builtPage() });
}

/** The page, the contract, the inspector, and the application beside them. */
async function expectExplored(server: Server, explorer: Explorer<ExploredOptions>): Promise<void> {
  const attached = attach(server, { drainTimeout: 200, ...explorer.options });
  const port = server.listening ? portOf(server) : await listen(server, 0, "127.0.0.1");
  onCleanup(async () => {
    await attached.close();
    server.closeAllConnections();
    server.close();
  });
  expect(await get(port, "/explorer/")).toMatchObject({ status: 200, text: expect.stringContaining("<title>Page") });
  expect(JSON.parse((await get(port, "/explorer/contract.json")).text)).toMatchObject({ title: "Echo" });
  expect((await get(port, "/explorer/", { headers: { host: "evil.example" } })).status).toBe(404);
  expect(await get(port, "/hello")).toMatchObject({ status: 200, text: "the application" });
  const client = await connect(port, "/ws/?explorer_tag=mine");
  await ask(client, "echo");
  const inspector = await connect(port, "/explorer/ws/");
  expect(await ask(inspector, "explain_request", { tag: "mine", frame: { action: "echo" } })).toMatchObject({
    data: { summary: expect.stringContaining("Nothing refuses") },
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the explorer of a server that is put together by hand", () => {
  test("under Express", async () => {
    const explorer = await made();
    const app = express()
      .use(explorer.http)
      .get("/hello", (_request, response) => void response.send("the application"));
    await expectExplored(createServer(app), explorer);
  });

  test("under Express, below a path of its own", async () => {
    const explorer = await made();
    const app = express()
      .use("/explorer", explorer.http)
      .get("/hello", (_request, response) => void response.send("the application"));
    await expectExplored(createServer(app), explorer);
  });

  test("under Fastify", async () => {
    const explorer = await made();
    const app = fastify();
    app.addHook("onRequest", async (request, reply) => {
      if (await explorer.http(request.raw, reply.raw)) reply.hijack();
    });
    app.get("/hello", () => "the application");
    await app.listen({ port: 0, host: "127.0.0.1" });
    onCleanup(() => app.close());
    await expectExplored(app.server, explorer);
  });

  test("under Hono", async () => {
    const explorer = await made();
    const app = new Hono();
    app.use(async (context, next) => {
      const { address = "", port = 0 } = getConnInfo(context).remote;
      return (await explorer.handle(context.req.raw, { client: { address, port } })) ?? next();
    });
    app.get("/hello", (context) => context.text("the application"));
    const listener = getRequestListener(app.fetch);
    await expectExplored(
      createServer((request, response) => void listener(request, response)),
      explorer,
    );
  });
});
