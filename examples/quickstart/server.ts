import { ImproperlyConfigured, ListenError, serve } from "restwave";
import { servePage } from "./page.ts";
import { websocketUrlPatterns } from "./routing.ts";
import { seed } from "./seed.ts";

try {
  await seed();
  const { port } = await serve({ routes: websocketUrlPatterns, port: chosenPort(), http: servePage });
  console.log(`Restwave quickstart

  In a browser:   http://localhost:${port}/
  In a terminal:  npx wscat -c ws://localhost:${port}/ws/
  then send:      {"action": "list", "request_id": 1}

Ctrl+C stops the server.`);
} catch (error) {
  if (!(error instanceof ListenError || error instanceof ImproperlyConfigured)) throw error;
  console.error(`${error.message} For example: PORT=8001 npm start`);
  process.exitCode = 1;
}

function chosenPort(): number {
  const chosen = process.env.PORT ?? "8000";
  const port = chosen.trim() === "" ? NaN : Number(chosen);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ImproperlyConfigured(`Expected PORT to be a whole number from 0 to 65535, got "${chosen}".`);
}
