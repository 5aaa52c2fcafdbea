import type { JsonSchema } from "../protocol/json-schema.ts";
import type { ActionContract, Place, ResourceContract } from "./contract.ts";
import { ERROR_FRAME, EVENTS_FRAME, eventFrame, framed, replyFrame, requestFrame } from "./frame-schemas.ts";
import { routeAddress } from "./route-address.ts";

/** A resource on one socket. */
export interface ChannelMember {
  readonly resource: ResourceContract;
  readonly place: Place;
}

/** A channel of an AsyncAPI document with its operations, by their ids. */
export interface ChannelDescription {
  readonly channel: JsonSchema;
  readonly operations: Readonly<Record<string, JsonSchema>>;
}

/** Describes one socket: a message for each request, answer and event, an operation for each action. */
export function describeChannel(id: string, path: string, members: readonly ChannelMember[]): ChannelDescription {
  const messages: Record<string, JsonSchema> = {};
  const operations: Record<string, JsonSchema> = {};
  for (const member of members) {
    for (const action of member.resource.actions) {
      const built = new ActionMessages(id, member, action);
      Object.assign(messages, built.messages);
      Object.assign(operations, built.operations);
    }
    messages[errorName(member)] = message("A refused or failed request", framed(ERROR_FRAME, member.place.stream));
  }
  if (members.some(isLive)) {
    messages["events"] = message("All events of one transaction, under restwave.v1", EVENTS_FRAME);
    operations[`${id}.events`] = {
      action: "send",
      channel: { $ref: pointer("channels", id) },
      summary: "Under the sub-protocol restwave.v1 the events of a transaction leave in one frame.",
      messages: [{ $ref: messagePointer(id, "events") }],
    };
  }
  return { channel: channelObject(path, members, messages), operations };
}

function channelObject(
  path: string,
  members: readonly ChannelMember[],
  messages: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const { address, parameters } = routeAddress(path);
  const streams = members.flatMap(({ place: { stream } }) => (stream === null ? [] : [stream]));
  const form = streams.length === 0 ? "" : ` Frames are {"stream", "payload"}, with the streams ${streams.join(", ")}.`;
  return {
    address,
    description: `A WebSocket, JSON text frames; the sub-protocol restwave.v1 is optional.${form}${address === null ? ` The path matches ${path}` : ""}`,
    ...(parameters.length === 0
      ? {}
      : { parameters: Object.fromEntries(parameters.map((name) => [name, { description: `${name} in the path` }])) }),
    messages,
    bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
  };
}

class ActionMessages {
  readonly messages: Record<string, JsonSchema> = {};
  readonly operations: Record<string, JsonSchema> = {};

  constructor(channel: string, member: ChannelMember, action: ActionContract) {
    const { resource, place } = member;
    const name = `${resource.name}.${action.name}`;
    const { output, items, events, statuses, kind } = action;
    const [success = 200] = statuses;
    const add = (suffix: string, summary: string, frame: JsonSchema): JsonSchema => {
      this.messages[`${name}.${suffix}`] = message(summary, framed(frame, place.stream));
      return { $ref: messagePointer(channel, `${name}.${suffix}`) };
    };
    const requests = [add("request", `Asks for ${name}`, requestFrame(action))];
    const replies = [add("reply", `Answers ${name}`, replyFrame(action.name, output, success, kind === "subscription"))];
    if (items !== null) replies.push(add("item", `One item of ${name}`, replyFrame(action.name, items, 206)));
    replies.push({ $ref: messagePointer(channel, errorName(member)) });
    const channelRef = { $ref: pointer("channels", channel) };
    this.operations[`${channel}.${name}`] = {
      action: "receive",
      channel: channelRef,
      summary: `${name} (${kind})`,
      messages: requests,
      reply: { channel: channelRef, messages: replies },
      "x-restwave": { ...action, resource: resource.name, ...place },
    };
    if (events === null) return;
    this.operations[`${channel}.${name}.events`] = {
      action: "send",
      channel: channelRef,
      summary: `What a subscription by ${name} is told`,
      messages: Object.entries(events).map(([event, data]) => add(event, `${event}, told to ${name}`, eventFrame(event, data))),
    };
  }
}

function errorName({ resource }: ChannelMember): string {
  return `${resource.name}.error`;
}

function isLive({ resource }: ChannelMember): boolean {
  return resource.actions.some(({ events }) => events !== null);
}

function message(summary: string, payload: JsonSchema): JsonSchema {
  return { summary, contentType: "application/json", payload };
}

function messagePointer(channel: string, name: string): string {
  return `${pointer("channels", channel)}/messages/${name}`;
}

function pointer(part: string, name: string): string {
  return `#/${part}/${name}`;
}
