import Fastify, { type FastifyInstance } from "fastify";
import { action, AsyncAPIConsumer, attach, rePath, reply } from "restwave";
import { z } from "zod";

class GreetingConsumer extends AsyncAPIConsumer {
  greet = action({ input: z.object({ name: z.string() }) }, ({ name }) => reply({ greeting: `Hello, ${name}.` }));
}

/** A Fastify app with a consumer on its server. Call `listen` on it; `close` ends both. */
export function createGreetingApp(): FastifyInstance {
  const app = Fastify();
  app.get<{ Params: { name: string } }>("/greetings/:name", (request) => ({ greeting: `Hello, ${request.params.name}.` }));
  const sockets = attach(app.server, { routes: [rePath(/^ws\/$/, GreetingConsumer)] });
  // An HTTP server that closes waits for open sockets, so they have to be closed first.
  app.addHook("preClose", () => sockets.close());
  return app;
}
