import type { Finding } from "../checks/finding.ts";
import type { ResourceContract } from "../contracts/contract.ts";

/** What a server tells the `restwave dev` that it runs under. */
export type DevMessage =
  | { readonly type: "findings"; readonly findings: readonly Finding[] }
  | { readonly type: "listening"; readonly url: string; readonly resources: readonly DevResource[] };

/** What there is to call, and who may. */
export type DevResource = Pick<ResourceContract, "name" | "places" | "permissions"> & {
  readonly actions: readonly { readonly name: string }[];
};

/** The key under which messages of ours are told from others. */
export const DEV_CHANNEL = "restwave.dev";
