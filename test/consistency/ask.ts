import type { Client } from "../../src/client.ts";

/** Calls an action of a server of which the client's types know nothing. */
export async function ask(
  client: Client<unknown>,
  action: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  return client["call"]?.(action, args);
}
