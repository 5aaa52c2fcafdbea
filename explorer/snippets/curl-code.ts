import { encodeText } from "./encode-text.ts";
import { queryOf } from "./query-of.ts";
import { lookupName } from "./lookup-name.ts";
import { quoteForShell } from "./quote-for-shell.ts";
import type { SnippetRequest } from "./snippet-request.ts";

interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the resource: an encoded segment with a slash, or nothing. */
  readonly below: string;
  readonly query: string;
  readonly body: unknown;
  /** How it is answered: at once, by a line for each page, or by events. */
  readonly answer: "whole" | "lines" | "events";
}

const METHODS = { update: "PUT", patch: "PATCH", delete: "DELETE" } as const;

/** A call of the HTTP binding; null for what it does not serve, or cannot be said in a query. */
export function curlCode(request: SnippetRequest): string | null {
  const { origin, resource, httpPrefix, httpBase = `/${encodeText(resource)}/` } = request;
  if (httpPrefix === null) return null;
  const asked = httpRequest(request);
  if (asked === null) return null;
  const path = [httpPrefix, httpBase].map((part) => part.replaceAll(/^\/+|\/+$/g, "")).filter((part) => part !== "");
  const url = `${new URL(origin).origin}/${path.join("/")}/${asked.below}${asked.query}`;
  const words = [
    ["curl", ...optionsOf(asked), quoteForShell(url)].join(" "),
    ...(asked.answer === "events" ? ["-H 'Accept: text/event-stream'"] : []),
    ...(asked.body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `--data-raw ${quoteForShell(JSON.stringify(asked.body))}`]),
  ];
  return words.join(words.join(" ").length > 100 ? " \\\n  " : " ");
}

/** A body makes it a POST by itself. */
function optionsOf({ method, answer }: HttpRequest): readonly string[] {
  return [...(answer === "whole" ? [] : ["-N"]), ...(method === "GET" || method === "POST" ? [] : [`-X ${method}`])];
}

function httpRequest({ action, args }: SnippetRequest): HttpRequest | null {
  const get = { method: "GET", below: "", body: undefined, answer: "whole" } as const;
  const query = queryOf(action, args);
  switch (action.model) {
    case "list":
    case "page":
      return query === null ? null : { ...get, query };
    case "pages":
      // As events the list would be a live one.
      return query === null ? null : { ...get, query, answer: "lines" };
    case "subscribe_list":
      return query === null ? null : { ...get, query, answer: "events" };
    case "subscribe_count":
      return query === null ? null : { ...get, query: `${query === "" ? "?" : `${query}&`}subscribe=count`, answer: "events" };
    case "create":
      return { ...get, method: "POST", query: "", body: args["data"] ?? {} };
    case "retrieve":
    case "subscribe_instance":
      return ofRow(
        { action, args },
        { ...get, query: since(args), answer: action.model === "subscribe_instance" ? "events" : "whole" },
      );
    case "update":
    case "patch":
    case "delete": {
      const body = action.model === "delete" ? undefined : (args["data"] ?? {});
      return ofRow({ action, args }, { ...get, query: "", method: METHODS[action.model], body });
    }
    case "describe":
    case null:
      return {
        ...get,
        method: "POST",
        query: "",
        below: `${encodeText(action.name)}/`,
        body: args,
        answer: action.kind === "streaming" ? "events" : "whole",
      };
    default:
      return null;
  }
}

function since(args: SnippetRequest["args"]): string {
  return typeof args["since"] === "string" ? `?since=${encodeText(args["since"])}` : "";
}

/** The path of one row. curl takes segments of dots for steps in the path. */
function ofRow({ action, args }: Pick<SnippetRequest, "action" | "args">, request: HttpRequest): HttpRequest | null {
  const key = args[lookupName(action)];
  if (typeof key !== "string" && typeof key !== "number") return null;
  const text = String(key);
  return text === "" || /^\.+$/.test(text) ? null : { ...request, below: `${encodeText(text)}/` };
}
