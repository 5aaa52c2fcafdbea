import { createElement, type ReactElement, type ReactNode } from "react";
import { ClientContext } from "./client-context.ts";
import type { RegisteredClient } from "./register.ts";

export interface RestwaveProviderProps {
  readonly client: RegisteredClient;
  readonly children?: ReactNode;
}

/** Gives all components in it a client, for `useClient()` and `useConnectionState()`. It connects when something is asked, and is not closed by it. */
export function RestwaveProvider({ client, children }: RestwaveProviderProps): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}
