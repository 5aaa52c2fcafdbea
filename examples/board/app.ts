import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { Q, type RestwaveServer, serve } from "restwave";
import type { ExplorerUser } from "restwave/explorer";
import { z } from "zod";
import { Person } from "./models.ts";
import { PersonSerializer } from "./serializers.ts";
import { routes } from "./routing.ts";
import { beginSession, endSession, findPerson, personOf } from "./session.ts";

export interface BoardServerOptions {
  readonly port: number;
  /** Signs the session cookies. Whoever knows it can be everybody. */
  readonly secret: string;
  /** The folder of the built page. */
  readonly page: string;
}

/** The page, its login and its socket, on one port. */
export function startBoardServer({ port, secret, page }: BoardServerOptions): Promise<RestwaveServer> {
  const listener = getRequestListener(createApp(secret, page).fetch);
  return serve({
    port,
    routes,
    authenticate: async ({ headers }) => {
      const person = await personOf(headers.get("cookie") ?? "", secret);
      return person === null ? null : { user: { id: person.id } };
    },
    // In production it would need permissionClasses.
    explorer: process.env.NODE_ENV !== "production" && { title: "Board", users: explorerUsers },
    http: (request, response) => listener(request, response),
  });
}

/** Whom the explorer can be logged in as: everybody with a name like that. */
async function explorerUsers(search: string): Promise<readonly ExplorerUser[]> {
  const named = Person.objects.filter(Q({ username__icontains: search }).or({ name__icontains: search }));
  const people = await named.orderBy("username").slice(0, 50).toArray();
  return people.map(({ id, username }) => ({ id: String(id), name: username, identity: { user: { id } } }));
}

const credentials = z.object({ username: z.string().max(50), password: z.string().max(200) });

function createApp(secret: string, page: string): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy, xFrameOptions: "DENY" }));
  app.get("/session", async (context) => {
    const person = await personOf(context.req.header("cookie") ?? "", secret);
    return person === null ? context.json(null) : context.json(await shown(person));
  });
  app.post("/session", async (context) => {
    // A form of another site cannot send this type, so nobody is logged in without wanting it.
    if (context.req.header("content-type") !== "application/json") return context.json({ detail: "Send application/json." }, 415);
    const given = credentials.safeParse(await context.req.json().catch(() => null));
    const person = given.success ? await findPerson(given.data.username, given.data.password) : null;
    if (person === null) return context.json({ detail: "Wrong name or password." }, 401);
    await beginSession(context, person, secret);
    return context.json(await shown(person));
  });
  app.delete("/session", (context) => {
    endSession(context);
    return context.body(null, 204);
  });
  app.get("*", serveStatic({ root: page }));
  return app;
}

/** Nothing but this server's own files, and the socket back to it. */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

function shown(person: PersonSerializer["types"]["row"]): Promise<PersonSerializer["types"]["out"]> {
  return new PersonSerializer({ instance: person }).toData();
}
