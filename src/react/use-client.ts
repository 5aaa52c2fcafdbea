import { useContext } from "react";
import { ClientContext } from "./client-context.ts";
import { noProvider } from "./no-provider.ts";
import type { RegisteredClient } from "./register.ts";

/** The client of the nearest `RestwaveProvider`, with the type that is registered (`Register`). */
export function useClient(): RegisteredClient {
  return useContext(ClientContext) ?? noProvider();
}
