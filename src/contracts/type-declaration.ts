import type { JsonSchema } from "../protocol/json-schema.ts";
import type { DeclaredCall, DeclaredCalls } from "./declared-call.ts";
import { typeName } from "./type-name.ts";
import { memberName, membersOf, typeOfSchema } from "./type-of-schema.ts";

/** No member of a client: it settles and logs in by itself. */
const HIDDEN: ReadonlySet<string | null> = new Set(["settle", "authenticate"]);

/**
 * TypeScript that declares what a server serves, for clients that do not have its code: the schemas as interfaces, the actions of each resource, and
 * `Routes`, by path, for `createClient<Routes["/ws/"]>(url)`; `Api` where there is one path.
 */
export function typeDeclaration({ schemas, calls }: DeclaredCalls): string {
  const shown = calls.filter(({ model }) => !HIDDEN.has(model));
  const paths = groupBy(shown, ({ path }) => path);
  const resources = groupBy(shown, ({ resource }) => resource);
  const used = [...paths.values()].map(([call]) => (call?.stream === null ? "DeclaredRoute" : "DeclaredStreams"));
  return [
    "// Made by `restwave types`. Make it again instead of changing it.",
    `import type { ${[...new Set(used)].toSorted().join(", ")} } from "restwave/client";`,
    ...Object.entries(schemas).map(([name, schema]) => declaredSchema(name, schema)),
    ...[...resources].map(([name, own]) => actionsInterface(name, own)),
    routesInterface(paths),
    ...[...paths.keys()]
      .slice(0, paths.size === 1 ? 1 : 0)
      .map((path) => `export type Api = Routes[${JSON.stringify(`/${path}`)}];`),
  ]
    .join("\n\n")
    .concat("\n");
}

function declaredSchema(name: string, schema: JsonSchema): string {
  const members = schema["type"] === "object" ? membersOf(schema) : null;
  if (members === null) return `export type ${typeName(name)} = ${typeOfSchema(schema)};`;
  return `export interface ${typeName(name)} {\n${members.map((member) => `  ${member}`).join("\n")}\n}`;
}

function actionsInterface(resource: string, calls: readonly DeclaredCall[]): string {
  const byName = new Map(calls.map((call) => [call.name, call]));
  const lines = [...byName.values()].map(
    (call) => `  ${memberName(propertyOf(call.name))}(${argumentsOf(call)}): ${resultOf(call)};`,
  );
  return `export interface ${actionsName(resource)} {\n${lines.join("\n")}\n}`;
}

/** The client reads the arguments of live queries from those of a subscription, which are required there. */
function argumentsOf({ input, kind }: DeclaredCall): string {
  const { required } = input;
  const isOptional = kind !== "subscription" && "type" in input && !(Array.isArray(required) && required.length > 0);
  return `args${isOptional ? "?" : ""}: ${typeOfSchema(input, "readonly ")}`;
}

function resultOf({ kind, output, items }: DeclaredCall): string {
  if (kind === "streaming") return `AsyncGenerator<${typeOfSchema(items)}, ${typeOfSchema(output)}, void>`;
  return `Promise<${typeOfSchema(output)}>`;
}

function routesInterface(paths: ReadonlyMap<string, readonly DeclaredCall[]>): string {
  const lines = [...paths].map(([path, calls]) => {
    const streams = new Map(calls.map(({ stream, resource }) => [stream, actionsName(resource)]));
    const single = streams.get(null);
    const members = [...streams].map(([stream, actions]) => `readonly ${memberName(stream ?? "")}: ${actions};`);
    const type = single === undefined ? `DeclaredStreams<{ ${members.join(" ")} }>` : `DeclaredRoute<${single}>`;
    return `  readonly ${JSON.stringify(`/${path}`)}: ${type};`;
  });
  return `export interface Routes {\n${lines.join("\n")}\n}`;
}

function actionsName(resource: string): string {
  return `${typeName(resource)}Actions`;
}

function propertyOf(action: string): string {
  return action.replace(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
}

function groupBy(
  calls: readonly DeclaredCall[],
  keyOf: (call: DeclaredCall) => string,
): ReadonlyMap<string, readonly DeclaredCall[]> {
  const groups = new Map<string, DeclaredCall[]>();
  for (const call of calls) groups.set(keyOf(call), [...(groups.get(keyOf(call)) ?? []), call]);
  return groups;
}
