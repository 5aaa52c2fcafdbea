import { createContext } from "react";
import type { RegisteredClient } from "./register.ts";

/** The client of a tree of components. */
export const ClientContext = createContext<RegisteredClient | null>(null);
