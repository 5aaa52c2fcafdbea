import { createContext } from "react";
import type { Schemas } from "./resolve-schema.ts";

/** The schemas that references in a form name. */
export const SchemasContext = createContext<Schemas>({});
