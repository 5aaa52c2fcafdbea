import { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { sessionsOf } from "../routing/sessions-of.ts";
import type { ConnectionRegistry, RegisteredConnection } from "./connection-registry.ts";
import { describeUser } from "./describe-user.ts";
import type { ExplanationSteps, Finding } from "./explanation-steps.ts";
import { tagOf } from "./inspect-connection.ts";
import type { ExplainedConnection } from "./inspection.ts";

/** The consumer that an explanation is about. */
export interface ExplainedTarget {
  readonly known: RegisteredConnection;
  readonly stream: string | null;
  readonly consumer: AsyncAPIConsumer;
}

/** Finds it, saying how. @returns null when there is none; the steps then say why. */
export async function findTarget(
  steps: ExplanationSteps,
  registry: ConnectionRegistry,
  { tag, connection, stream = null }: ExplainedConnection,
): Promise<ExplainedTarget | null> {
  const known = registry.connections.find((one) => (connection === undefined ? tagOf(one) === tag : one.seen.id === connection));
  await steps.ask("connection", connection ?? tag ?? "", () => (known === undefined ? missing(registry) : found(known)));
  if (known === undefined) return null;
  const sessions = sessionsOf(known.seen.session);
  const place = sessions.find((one) => one.stream === stream);
  const consumer = place?.session;
  const isServed = await steps.ask("connection", stream === null ? "consumer" : `stream ${stream}`, () => {
    if (consumer instanceof AsyncAPIConsumer) return { passed: true, detail: `It is served by ${consumer.constructor.name}.` };
    if (consumer !== undefined) return { passed: false, detail: "What serves it takes no actions." };
    const names = sessions.map((one) => (one.stream === null ? "no stream" : `"${one.stream}"`)).join(", ");
    return { passed: false, detail: `It is not open on this connection, which has: ${names === "" ? "nothing" : names}.` };
  });
  return isServed && consumer instanceof AsyncAPIConsumer ? { known, stream, consumer } : null;
}

function found({ seen }: RegisteredConnection): Finding {
  const user = describeUser(seen.scope.user);
  const who = user === null ? "nobody is logged in" : `as ${user.name} (${user.id})`;
  return { passed: true, detail: `It is open at ${seen.scope.path}, ${who}.` };
}

/** A connection that was refused has no consumer; the last refusals are the best guess. */
function missing(registry: ConnectionRegistry): Finding {
  const [last] = registry.refused;
  const refused =
    last === undefined
      ? ""
      : ` The last handshake that was refused was for ${last.path}, with ${last.status}${last.refusedBy === null ? "" : ` by ${last.refusedBy}`}.`;
  return { passed: false, detail: `There is no such connection now.${refused}` };
}
