import { ImproperlyConfigured, ListenError, serve } from "restwave";
import { chosenPort } from "./chosen-port.ts";
import { websocketUrlPatterns } from "./routing.ts";
import { seed } from "./seed.ts";
import { toExplorer } from "./to-explorer.ts";

// Everybody is anonymous here, so in production there is nobody to open it to.
const explorer = process.env.NODE_ENV !== "production";

try {
  await seed();
  const { port } = await serve({
    routes: websocketUrlPatterns,
    port: chosenPort(),
    explorer: explorer && { title: "Quickstart" },
    ...(explorer ? { http: toExplorer } : {}),
  });
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
