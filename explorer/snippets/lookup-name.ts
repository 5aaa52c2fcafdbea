import type { ActionContract } from "../../src/contracts/contract.ts";

/** The argument that names the row of an action: what it requires besides `data`. */
export function lookupName({ input }: ActionContract): string {
  const required: readonly unknown[] = Array.isArray(input["required"]) ? input["required"] : [];
  const name = required.find((one) => one !== "data");
  return typeof name === "string" ? name : "pk";
}
