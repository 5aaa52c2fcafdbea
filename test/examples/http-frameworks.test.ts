import { expect, onTestFinished, test } from "vitest";
import { createGreetingServer } from "../../examples/express/app.ts";
import { createGreetingApp } from "../../examples/fastify/app.ts";
import { createBookServer } from "../../examples/hono/app.ts";
import { connectTo, listening } from "./listening.ts";

async function greetsBothWays(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/greetings/Ada`);
  expect(await response.json()).toEqual({ greeting: "Hello, Ada." });
  const client = await connectTo(port);
  client.sendJson({ action: "greet", request_id: 1, name: "Grace" });
  expect(await client.receiveJson()).toMatchObject({ response_status: 200, data: { greeting: "Hello, Grace." }, request_id: 1 });
}

test("an Express app and a consumer share a server", async () => {
  await greetsBothWays(await listening(createGreetingServer()));
});

test("a Fastify app and a consumer share a server, and closing the app closes the sockets with 1001", async () => {
  const app = createGreetingApp();
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: "127.0.0.1" });
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await greetsBothWays(port);
  const client = await connectTo(port);
  const closed = app.close();
  expect(await client.receiveClose()).toMatchObject({ code: 1001 });
  await closed;
});

test("a Hono app answers over HTTP and, as a consumer, over the socket", async () => {
  const port = await listening(createBookServer());
  const book = { id: 1, title: "The Left Hand of Darkness" };
  const get = await fetch(`http://127.0.0.1:${port}/books/1`);
  expect(await get.json()).toEqual(book);

  const client = await connectTo(port);
  client.sendJson({ action: "retrieve", request_id: 1, parameters: { pk: 1 } });
  expect(await client.receiveJson()).toMatchObject({ data: book, response_status: 200, errors: [] });
  client.sendJson({ action: "create", request_id: 2, parameters: { pk: 2 }, data: { title: "Kindred" } });
  expect(await client.receiveJson()).toMatchObject({ data: { id: 2, title: "Kindred" }, response_status: 201 });
  client.sendJson({ action: "retrieve", request_id: 3, parameters: { pk: 9 } });
  expect(await client.receiveJson()).toMatchObject({ data: { detail: "No such book." }, response_status: 404, errors: [] });
});
