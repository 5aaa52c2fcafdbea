import { createClient } from "../../src/client.ts";
import type { Explanation, ExplorerTicket, InspectedServer, ListedUser } from "../../src/explorer/inspection.ts";
import type { InspectorRoutes } from "../../src/explorer/inspector-route.ts";

/** The page calls the inspector by its types. */
export async function calls(): Promise<void> {
  const inspector = createClient<InspectorRoutes>("ws://localhost:8000/explorer/ws/");
  const why: Explanation = await inspector.explainRequest({ tag: "mine", frame: { action: "list" } });
  const where: Explanation = await inspector.explainEvent({ connection: "1", subscription: "1", pk: 1, kind: "create" });
  const users: readonly ListedUser[] = await inspector.users({ search: "a" });
  const ticket: ExplorerTicket = await inspector.logInAs({ id: "1", name: "ada" });
  for await (const server of inspector.watch()) {
    const seen: InspectedServer = server;
    console.log(seen, why, where, users, ticket);
  }
  // @ts-expect-error -- a request to explain is an object
  await inspector.explainRequest({ tag: "mine", frame: "list" });
  // @ts-expect-error -- there is no such kind of event
  await inspector.explainEvent({ connection: "1", subscription: "1", pk: 1, kind: "moved" });
  // @ts-expect-error -- there is no such action
  await inspector.restart();
}
