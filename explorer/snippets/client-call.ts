import type { ActionContract } from "../../src/contracts/contract.ts";
import { lookupName } from "./lookup-name.ts";
import type { SnippetRequest } from "./snippet-request.ts";

/** A call of the client: a member of the resource, and what it gets. */
export interface ClientCall {
  readonly member: string;
  readonly args: readonly unknown[];
  /** How what it gives is used. */
  readonly use: "await" | "stream" | "live";
}

type Args = SnippetRequest["args"];

/** The call that sends this request. What the client's own methods cannot say, `call` does. */
export function clientCall({ action, args }: Pick<SnippetRequest, "action" | "args">): ClientCall {
  return modelCall(action, args) ?? { member: "call", args: [action.name, ...given(args)], use: useOf(action) };
}

function useOf({ kind }: ActionContract): ClientCall["use"] {
  return kind === "streaming" ? "stream" : "await";
}

function modelCall(action: ActionContract, args: Args): ClientCall | null {
  const lookup = lookupOf(action, args);
  switch (action.model) {
    case "list":
    case "page":
    case "pages":
      return action.name === "list" ? { member: "list", args: given(args), use: useOf(action) } : null;
    case "create":
      return hasOnly(args, ["data"]) && action.name === "create"
        ? { member: "create", args: [args["data"]], use: "await" }
        : null;
    case "retrieve":
    case "delete":
      return lookup === null || action.name !== action.model
        ? null
        : { member: action.model, args: [lookup.value], use: "await" };
    case "update":
    case "patch":
      if (lookup === null || action.name !== action.model || !("data" in args)) return null;
      return { member: action.model, args: [lookup.value, args["data"]], use: "await" };
    case "subscribe_list":
      return { member: "live", args: given(without(args, ["since"])), use: "live" };
    case "subscribe_count":
      return { member: "liveCount", args: given(without(args, ["since"])), use: "live" };
    case "subscribe_instance":
      return lookup === null ? null : { member: "liveInstance", args: [lookup.value], use: "live" };
    default:
      return null;
  }
}

/** What names the row; null where there is no such value, or more than the client's method would send. */
function lookupOf(action: ActionContract, args: Args): { readonly value: unknown } | null {
  const name = lookupName(action);
  const value = args[name];
  if ((typeof value !== "number" && typeof value !== "string") || !hasOnly(args, [name, "data", "snapshot", "since"]))
    return null;
  return { value: name === "pk" ? value : { [name]: value } };
}

function given(args: Args): readonly unknown[] {
  return Object.keys(args).length === 0 ? [] : [args];
}

function without(args: Args, names: readonly string[]): Args {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !names.includes(name)));
}

function hasOnly(args: Args, names: readonly string[]): boolean {
  return Object.keys(args).every((name) => names.includes(name));
}
