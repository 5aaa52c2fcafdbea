import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ChannelMessage } from "../layers/channel-message.ts";
import { RestwaveError } from "../protocol/exceptions.ts";
import type { AsyncAPIConsumer } from "./async-api-consumer.ts";
import { bindToConsumer, type ConsumerField } from "./consumer-field.ts";

/** What a handler with a schema takes. */
export interface ChannelMessageOptions<S extends StandardSchemaV1> {
  readonly type: string;
  /** Any Standard Schema for the message without its `type`. What does not fit is logged and not handled. */
  readonly message: S;
}

/** Handles the messages of one type that come to a connection's channel. Made by {@link channelMessage}. */
export class ChannelMessageField implements ConsumerField {
  readonly type: string;
  readonly #handle: (message: ChannelMessage) => void | Promise<void>;

  constructor(type: string, handle: (message: ChannelMessage) => void | Promise<void>) {
    this.type = type;
    this.#handle = handle;
  }

  [bindToConsumer](consumer: AsyncAPIConsumer): void {
    consumer.channelInbox.handle(this.type, this.#handle);
  }
}

/**
 * Declares what a consumer does with messages of one type that come over the channel layer, to its channel or to a group it is in. Clients cannot
 * call it.
 *
 * ```ts
 * class ChatConsumer extends AsyncAPIConsumer {
 *   join = action({ input: z.object({ room: z.string() }) }, ({ room }) => this.groupAdd(`chat.${room}`));
 *   onChat = channelMessage({ type: "chat.message", message: z.object({ text: z.string() }) }, ({ text }) => this.sendJson({ text }));
 * }
 * ```
 *
 * Messages of one connection are handled one after another. A handler that throws is logged; the connection goes on.
 */
export function channelMessage(type: string, handler: (message: ChannelMessage) => void | Promise<void>): ChannelMessageField;
export function channelMessage<S extends StandardSchemaV1>(
  options: ChannelMessageOptions<S>,
  handler: (message: StandardSchemaV1.InferOutput<S>) => void | Promise<void>,
): ChannelMessageField;
export function channelMessage(
  first: string | ChannelMessageOptions<StandardSchemaV1>,
  handler: (message: never) => void | Promise<void>,
): ChannelMessageField {
  if (typeof first === "string") return new ChannelMessageField(first, (message) => call(handler, message));
  const { type, message: schema } = first;
  return new ChannelMessageField(type, async ({ type: _type, ...content }) =>
    call(handler, await validate(schema, type, content)),
  );
}

/** The schema, or the lack of one, has made the message what the handler was declared for. */
function call(handler: (message: never) => void | Promise<void>, message: unknown): void | Promise<void> {
  return Reflect.apply(handler, undefined, [message]);
}

async function validate(schema: StandardSchemaV1, type: string, content: object): Promise<unknown> {
  const result = await schema["~standard"].validate(content);
  if (result.issues === undefined) return result.value;
  throw new MessageMismatch(type, result.issues);
}

/** A sender within the application sent what the handler's schema refuses. */
class MessageMismatch extends RestwaveError {
  constructor(type: string, issues: readonly StandardSchemaV1.Issue[]) {
    super(`Expected a "${type}" message to fit its schema, got: ${issues.map(({ message }) => message).join("; ")}`, {
      code: "message_mismatch",
    });
  }
}
