import { createContext, useContext } from "react";
import type { ExplorerContract } from "../../src/explorer/inspection.ts";
import type { Lines } from "../wire/lines.ts";
import type { Session } from "./session.ts";
import { useStore } from "./use-store.ts";

export const SessionContext = createContext<Session | null>(null);

/** The session of the page. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("Expected a SessionContext around this component.");
  return session;
}

export function useContract(): ExplorerContract {
  return useStore(useSession().contract);
}

/** The connections as the present user. */
export function useLines(): Lines {
  return useStore(useSession().lines);
}
