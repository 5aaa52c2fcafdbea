import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ImproperlyConfigured, ListenError } from "restwave";
import { chosenPort } from "../quickstart/chosen-port.ts";
import { startBoardServer } from "./app.ts";
import { PASSWORD, seed } from "./seed.ts";

try {
  await seed();
  const { port } = await startBoardServer({
    port: chosenPort(),
    // Sessions end with the server unless a secret is given.
    secret: process.env.COOKIE_SECRET ?? randomBytes(32).toString("hex"),
    page: join(import.meta.dirname, "page/dist"),
  });
  console.log(`Restwave board

  Open:     http://localhost:${port}/
  Log in:   ada, grace or alan, with the password "${PASSWORD}"

Two people at once: open a second browser, or a private window. Ctrl+C stops the server.`);
} catch (error) {
  if (!(error instanceof ListenError || error instanceof ImproperlyConfigured)) throw error;
  console.error(`${error.message} For example: PORT=8001 npm run board`);
  process.exitCode = 1;
}
