import type { ExplorerContract } from "../../src/explorer/inspection.ts";

/** The server did not say what it serves. */
export class ContractError extends Error {
  constructor(status: number, text: string) {
    super(`The server answered ${status}${text === "" ? "" : `: ${text}`}`);
    this.name = "ContractError";
  }
}

/** What the server serves. @throws ContractError when it says no, TypeError when it is away. */
export async function loadContract(): Promise<ExplorerContract> {
  const response = await fetch("/explorer/contract.json", { headers: { accept: "application/json" } });
  if (!response.ok) throw new ContractError(response.status, (await response.text()).trim().slice(0, 300));
  return response.json();
}
