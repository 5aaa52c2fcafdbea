import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { attach, rePath, viewAsConsumer } from "restwave";

const books = new Map([["1", { id: 1, title: "The Left Hand of Darkness" }]]);

const app = new Hono();
app.get("/books/:pk", (context) => {
  const book = books.get(context.req.param("pk"));
  return book === undefined ? context.json({ detail: "No such book." }, 404) : context.json(book);
});
app.put("/books/:pk", async (context) => {
  const { title } = await context.req.json<{ title: string }>();
  const book = { id: Number(context.req.param("pk")), title };
  books.set(context.req.param("pk"), book);
  return context.json(book, 201);
});

/** The app's routes as actions: `retrieve` is GET, `create` is PUT; `parameters` of a frame fill the path. */
const BookConsumer = viewAsConsumer(app.fetch, { path: "/books/:pk" });

/** A Hono app over HTTP and over a WebSocket, on one HTTP server. Call `listen` on it. */
export function createBookServer(): Server {
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response));
  attach(server, { routes: [rePath(/^ws\/$/, BookConsumer)] });
  return server;
}
