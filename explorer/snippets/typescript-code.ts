import { clientCall } from "./client-call.ts";
import { isIdentifier, literal, TYPESCRIPT } from "./literal.ts";
import type { SnippetRequest } from "./snippet-request.ts";
import { socketUrl } from "./socket-url.ts";

/** Names of streams that the client has for itself, or that JavaScript asks of any object. */
const UNREACHABLE = new Set(["connection", "connect", "dehydrate", "close", "then", "toJSON"]);

/** A script for the package's own client. Null for a stream that it cannot reach. */
export function typescriptCode(request: SnippetRequest): string | null {
  const { stream } = request;
  if (stream !== null && (UNREACHABLE.has(stream) || stream in Object.prototype)) return null;
  return `import { createClient } from "restwave/client";

// In your code createClient<typeof routes>(...) knows the types.
const client = createClient(${JSON.stringify(socketUrl(request))});

${used(request)}`;
}

function used(request: SnippetRequest): string {
  const { member, args, use } = clientCall(request);
  const call = `${target(request.stream)}.${member}(${args.map((arg) => literal(arg, TYPESCRIPT)).join(", ")})`;
  switch (use) {
    case "await":
      return `const data = await ${call};\nconsole.log(data);\nclient.close();\n`;
    case "stream":
      return `for await (const item of ${call}) console.log(item);\nclient.close();\n`;
    case "live":
      return `// Now and after each change, until client.close().\nfor await (const { status, data, error } of ${call}) {\n  console.log(status, error ?? data);\n}\n`;
  }
}

function target(stream: string | null): string {
  if (stream === null) return "client";
  return isIdentifier(stream) ? `client.${stream}` : `client[${JSON.stringify(stream)}]`;
}
