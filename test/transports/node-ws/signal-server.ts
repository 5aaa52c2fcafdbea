import { rePath } from "../../../src/routing/re-path.ts";
import { serve } from "../../../src/transports/node-ws/serve.ts";
import { EchoSession } from "../sessions.ts";

class NeverDone extends EchoSession {
  websocketDrain(): Promise<void> {
    this.connection.send("draining");
    return new Promise(() => {});
  }
}

const server = await serve({
  routes: [rePath(/^ws\/$/, EchoSession), rePath(/^stuck\/$/, NeverDone)],
  port: 0,
  host: "127.0.0.1",
});
console.log(server.url);
