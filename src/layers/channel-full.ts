import { RestwaveError } from "../protocol/exceptions.ts";

/** As many messages wait for a channel as it has room for. The message was not taken; it may be sent again later. */
export class ChannelFull extends RestwaveError {
  constructor(channel: string, capacity: number) {
    super(`Channel "${channel}" is full: ${capacity} messages wait for its receiver. Send it again later.`, {
      code: "channel_full",
      status: 503,
    });
  }
}
