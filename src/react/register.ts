import type { ClientMembers } from "../client/client.ts";

/**
 * Where an application says which client its components have, once, so that `useClient()` knows it everywhere:
 *
 * ```ts
 * declare module "restwave/react" {
 *   interface Register { client: typeof client }
 * }
 * ```
 */
// eslint-disable-next-line typescript/no-empty-interface
export interface Register {}

/** The registered client; where none is registered, what every client has. */
export type RegisteredClient = Register extends { readonly client: infer Registered } ? Registered : ClientMembers;
