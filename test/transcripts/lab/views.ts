import { Hono } from "hono";
import { parse } from "cookie";
import type { RowOf } from "../../../src/index.ts";
import { Item } from "./database.ts";
import { ItemSmallSerializer } from "./serializers.ts";

/** The views of the recorded application as one web-standard app; a client's cookie says who asks, as a session would. */
export const views = new Hono();

const rows = () => Item.objects.orderBy("id").toArray();
const toJson = (row: RowOf<typeof Item.objects>) => new ItemSmallSerializer({ instance: row }).toData();
const notAllowed = (method: string) => ({ detail: `Method "${method}" not allowed.` });

function userOf(headers: Headers): string {
  return parse(headers.get("cookie") ?? "")["user"] ?? "AnonymousUser";
}

views.options("/items/:pk?", (c) =>
  c.json({
    name: "Item",
    description: "",
    renders: ["application/json", "text/html"],
    parses: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
  }),
);

views.get("/items", async (c) => c.json(await Promise.all((await rows()).map(toJson))));

views.put("/items", async (c) => {
  const serializer = new ItemSmallSerializer({ data: await c.req.json() });
  if (!(await serializer.isValid())) return c.json(serializer.errors, 400);
  await serializer.save();
  return c.json(await serializer.toData(), 201);
});

views.get("/own-items", async (c) => {
  if (userOf(c.req.raw.headers) === "AnonymousUser")
    return c.json({ detail: "Authentication credentials were not provided." }, 403);
  return c.json(await Promise.all((await rows()).map(toJson)));
});

views.all("/items", (c) => c.json(notAllowed(c.req.method), 405));

views.all("/items/:pk", async (c) => {
  const found = Item.objects.filter({ id: Number(c.req.param("pk")) });
  const row = await found.first();
  if (row === null) return c.json({ detail: "No Item matches the given query." }, 404);
  if (c.req.method === "DELETE") {
    await found.delete();
    return c.body(null, 204);
  }
  if (c.req.method === "GET") return c.json(await toJson(row));
  const serializer = new ItemSmallSerializer({ instance: row, data: await c.req.json(), partial: true });
  if (!(await serializer.isValid())) return c.json(serializer.errors, 400);
  await serializer.save();
  return c.json(await serializer.toData());
});

views.all("/who/:z?", async (c) => {
  const body = await c.req.text();
  return c.json({
    method: c.req.method,
    GET: c.req.queries(),
    data: body === "" ? {} : JSON.parse(body),
    kwargs: c.req.param(),
    user: userOf(c.req.raw.headers),
  });
});

views.all("/plain", (c) => c.text("plain text é", 203));

/** Shows the body as Python prints a string that holds JSON. */
views.all("/post", async (c) => {
  const body = await c.req.text();
  return c.text(`'${body === "" ? "{}" : body.replaceAll('":', '": ')}'`);
});

views.all("/crash", () => {
  throw new TypeError("view crash");
});
