import type { JsonSchema } from "../protocol/json-schema.ts";
import { type ChannelMember, describeChannel } from "./async-api-channel.ts";
import type { Contract } from "./contract.ts";
import { type DocumentOptions, infoOf } from "./document-options.ts";
import { rebaseReferences } from "./rebase-references.ts";
import { routeAddress } from "./route-address.ts";
import { SCHEMAS } from "./schema-registry.ts";

/** An AsyncAPI 3.0 document of the sockets: a channel for each path, an operation for each action and for the events of each subscription. */
export function asyncApiDocument({ schemas, resources }: Contract, options: DocumentOptions = {}): JsonSchema {
  const channels: Record<string, JsonSchema> = {};
  const operations: Record<string, JsonSchema> = {};
  for (const [path, members] of membersByPath(resources)) {
    const id = unusedId(routeAddress(path).id, channels);
    const described = describeChannel(id, path, members);
    channels[id] = described.channel;
    Object.assign(operations, described.operations);
  }
  const document = {
    asyncapi: "3.0.0",
    info: infoOf(options),
    defaultContentType: "application/json",
    ...(options.url === undefined ? {} : { servers: { default: serverOf(options.url) } }),
    channels,
    operations,
    components: { schemas },
  };
  return rebaseReferences(document, SCHEMAS, "#/components/schemas/");
}

function membersByPath(resources: Contract["resources"]): ReadonlyMap<string, readonly ChannelMember[]> {
  const byPath = new Map<string, ChannelMember[]>();
  for (const resource of resources) {
    for (const place of resource.places) byPath.set(place.path, [...(byPath.get(place.path) ?? []), { resource, place }]);
  }
  return byPath;
}

function unusedId(id: string, taken: Readonly<Record<string, unknown>>): string {
  let unused = id;
  for (let count = 2; Object.hasOwn(taken, unused); count += 1) unused = `${id}_${count}`;
  return unused;
}

function serverOf(url: string): JsonSchema {
  const { protocol, host, pathname } = new URL(url);
  const isSecure = protocol === "https:" || protocol === "wss:";
  return { host, protocol: isSecure ? "wss" : "ws", ...(pathname === "/" ? {} : { pathname }) };
}
