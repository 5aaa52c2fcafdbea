import { createServer, type Server } from "node:http";
import express from "express";
import { action, AsyncAPIConsumer, attach, rePath, reply } from "restwave";
import { z } from "zod";

class GreetingConsumer extends AsyncAPIConsumer {
  greet = action({ input: z.object({ name: z.string() }) }, ({ name }) => reply({ greeting: `Hello, ${name}.` }));
}

/** An Express app and a consumer on one HTTP server. Call `listen` on it. */
export function createGreetingServer(): Server {
  const app = express();
  app.get("/greetings/:name", (request, response) => {
    response.json({ greeting: `Hello, ${request.params.name}.` });
  });
  const server = createServer(app);
  attach(server, { routes: [rePath(/^ws\/$/, GreetingConsumer)] });
  return server;
}
