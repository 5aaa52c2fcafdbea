import type { ListedUser } from "../../src/explorer/inspection.ts";

/** As whom the page calls. `browser`: whoever the cookies of the browser are. */
export type Identity =
  | { readonly kind: "browser" }
  | { readonly kind: "user"; readonly user: ListedUser }
  | { readonly kind: "token"; readonly token: string };
