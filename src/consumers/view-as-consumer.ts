import type { MessageArguments } from "../protocol/arguments.ts";
import { ImproperlyConfigured, ValidationError } from "../protocol/exceptions.ts";
import { encodeJson, parseJson } from "../protocol/json.ts";
import type { ActionContext } from "./action-context.ts";
import { declareActions } from "./action-registry.ts";
import { AsyncAPIConsumer } from "./async-api-consumer.ts";
import type { Connection } from "./connection.ts";
import { reply, type Reply } from "./reply.ts";

/** A web-standard HTTP handler: a Hono app's `fetch`, a route handler, any `(Request) => Response`. */
export type View = (request: Request) => Response | Promise<Response>;

export interface ViewAsConsumerOptions {
  /** HTTP method for each action name. Default: list and retrieve GET, create PUT, update and patch PATCH, delete DELETE (DCRF). */
  readonly methods?: Readonly<Record<string, string>>;
  /**
   * The path that the handler sees, with `:name` for each of the frame's `parameters` and `:name?` for one that may be left out. Default: the
   * connection's own path.
   */
  readonly path?: string;
}

const DCRF_METHODS: Readonly<Record<string, string>> = {
  list: "GET",
  retrieve: "GET",
  create: "PUT",
  update: "PATCH",
  patch: "PATCH",
  delete: "DELETE",
};

/**
 * Exposes an HTTP handler as a consumer, as DCRF's `view_as_consumer` does for Django views.
 *
 * A frame's `parameters` fill the path, `query` becomes the query string, `data` the JSON body; cookies and authorization of the handshake
 * go along. The answer's data is the response's body, its status the response's; `errors` is always empty.
 */
export function viewAsConsumer(view: View, options: ViewAsConsumerOptions = {}): typeof AsyncAPIConsumer {
  const methods = options.methods ?? DCRF_METHODS;

  class ViewConsumer extends AsyncAPIConsumer {
    async callView(args: MessageArguments, context: ActionContext): Promise<Reply<unknown>> {
      const response = await view(toRequest(args, methods[context.action] ?? "GET", options.path, this.connection, context));
      return reply(await readBody(response), response.status);
    }
  }
  const actions = Object.keys(methods).map((name) => [name, { name, property: "callView" }] as const);
  declareActions(ViewConsumer, Object.fromEntries(actions));
  return ViewConsumer;
}

const FORWARDED_HEADERS = ["cookie", "authorization", "accept-language", "user-agent"];

function toRequest(
  args: MessageArguments,
  method: string,
  path: string | undefined,
  { scope }: Connection,
  context: ActionContext,
): Request {
  const filled = fillPath(path ?? scope.path, asObject(args["parameters"], "parameters"));
  // Joined as text, since a path that begins with two slashes would name another host.
  const url = new URL(`${originOf(scope.headers)}${filled.startsWith("/") ? "" : "/"}${filled}`);
  for (const [key, value] of Object.entries(asObject(args["query"], "query"))) {
    for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(key, toText(item));
  }
  const headers = new Headers();
  for (const name of FORWARDED_HEADERS) {
    const value = scope.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const bodyless = method === "GET" || method === "HEAD" || args["data"] === undefined;
  if (!bodyless) headers.set("content-type", "application/json");
  return new Request(url, { method, headers, signal: context.signal, ...(bodyless ? {} : { body: encodeJson(args["data"]) }) });
}

function originOf(headers: Headers): string {
  const host = headers.get("host") ?? "localhost";
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).origin : "http://localhost";
}

function fillPath(path: string, parameters: Readonly<Record<string, unknown>>): string {
  return path.replace(/(\/?):([A-Za-z_]\w*)(\??)/g, (_match, slash: string, name: string, optional: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined && optional !== "") return "";
    if (value === undefined || value === null) throw new ValidationError({ parameters: { [name]: ["This field is required."] } });
    return slash + toSegment(name, toText(value));
  });
}

/**
 * @throws ValidationError for nothing and for a dot segment, which would name another path whatever their encoding, and for lone surrogates,
 * which a URL cannot hold.
 */
function toSegment(name: string, text: string): string {
  if (["", ".", ".."].includes(text)) throw new ValidationError({ parameters: { [name]: [`"${text}" is not a valid value.`] } });
  if (/\p{Surrogate}/u.test(text)) throw new ValidationError({ parameters: { [name]: ["Lone surrogates are not allowed."] } });
  return encodeURIComponent(text);
}

function asObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return { ...value };
  throw new ValidationError({ [name]: ["Expected an object."] });
}

function toText(value: unknown): string {
  return typeof value === "object" ? encodeJson(value) : String(value);
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  return isJson(response.headers.get("content-type")) ? parseBody(text) : text;
}

/** What a view sends is the application's fault, not the client's. */
function parseBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ImproperlyConfigured(
      "Expected the view's response to be JSON, as its content-type says. Fix its body or its content-type.",
      {
        cause: error,
      },
    );
  }
}

function isJson(contentType: string | null): boolean {
  return contentType !== null && /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
}
