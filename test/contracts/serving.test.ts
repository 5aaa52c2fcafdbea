import { expect, test } from "vitest";
import { contractsHandler, contractsHttp } from "../../src/contracts.ts";
import { AsyncAPIConsumer, path } from "../../src/index.ts";
import { startServer } from "../transports/test-server.ts";

class ClockConsumer extends AsyncAPIConsumer {}
const routes = [path("ws/", ClockConsumer)];

test("both documents are served as JSON, and nothing else is", async () => {
  const handle = contractsHandler(routes, { title: "Clocks" });
  const answer = handle(new Request("http://localhost/asyncapi.json?x=1"));
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await answer.json()).toMatchObject({ asyncapi: "3.0.0", info: { title: "Clocks" } });
  expect(await handle(new Request("http://localhost/openapi.json")).json()).toMatchObject({ openapi: "3.1.0" });
  expect(handle(new Request("http://localhost/other.json")).status).toBe(404);
  const refused = handle(new Request("http://localhost/openapi.json", { method: "POST" }));
  expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect(await handle(new Request("http://localhost/openapi.json", { method: "HEAD" })).text()).toBe("");
});

test("a server answers them beside its other pages", async () => {
  const contracts = contractsHttp(routes);
  const server = await startServer(ClockConsumer, {
    http: async (request, response) => {
      if (await contracts(request, response)) return true;
      return request.url === "/page" ? void response.end("page") : false;
    },
  });
  const url = server.url.replace("ws:", "http:");
  expect(await (await fetch(`${url}/asyncapi.json`)).json()).toMatchObject({ channels: { ws: { address: "/ws/" } } });
  expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ paths: {} });
  expect((await fetch(`${url}/openapi.json`, { method: "PUT" })).status).toBe(405);
  expect(await (await fetch(`${url}/page`)).text()).toBe("page");
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
});
