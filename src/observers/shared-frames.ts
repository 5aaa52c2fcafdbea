import type { AnyGenericConsumer, AnySerializerClass } from "../consumers/generic-async-api-consumer.ts";
import type { MaybePromise } from "../models/database.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import { encodeJson } from "../protocol/json.ts";
import type { RequestId } from "../protocol/request-id.ts";
import { closeEvent, type OpenEvent } from "./event-frame.ts";
import { showsAlike } from "./row-body.ts";
import type { RowEvent } from "./row-event.ts";

/** Who gets the frames. */
export interface FrameAudience {
  readonly consumer: AnyGenericConsumer;
  readonly args: MessageArguments;
  readonly requestId: RequestId;
  /** Where the subscriber stands with the events. */
  readonly position: string;
}

/** All that decides how events look to subscribers that may see everything. */
interface View {
  readonly Serializer: AnySerializerClass;
  readonly lookupField: string;
  readonly lookupUrlKwarg: string | undefined;
}

interface Shared {
  readonly view: View;
  readonly opened: readonly OpenEvent[];
  /** What was made last: many subscribe under the same request id. */
  closed: { readonly requestId: RequestId; readonly position: string; readonly frames: readonly string[] } | null;
}

/** Subscribers to the same rows are given the same events, so what is the same for them is written once. */
const shared = new WeakMap<readonly RowEvent[], Shared>();

/** The frames of events. `open` writes all but the request id and the position; it is called once for everybody to whom the events look alike. */
export function framesFor(
  events: readonly RowEvent[],
  audience: FrameAudience,
  open: () => MaybePromise<readonly OpenEvent[]>,
): MaybePromise<readonly string[]> {
  const view = viewOf(audience);
  const known = view === null ? undefined : shared.get(events);
  if (view !== null && known !== undefined && isSame(known.view, view)) return closedOnce(known, audience);
  const opened = open();
  if (opened instanceof Promise) return opened.then((all) => closed(all, audience));
  if (view === null) return closed(opened, audience);
  const made: Shared = { view, opened, closed: null };
  shared.set(events, made);
  return closedOnce(made, audience);
}

/** Null where a permission or the application's own code may look at who asks. */
function viewOf({ consumer, args }: FrameAudience): View | null {
  if (consumer["getPermissions"](args).length > 0) return null;
  const Serializer = consumer.getSerializerClass(args);
  if (!showsAlike(consumer, Serializer)) return null;
  return { Serializer, lookupField: consumer.lookupField, lookupUrlKwarg: consumer.lookupUrlKwarg };
}

function isSame(left: View, right: View): boolean {
  return (
    left.Serializer === right.Serializer && left.lookupField === right.lookupField && left.lookupUrlKwarg === right.lookupUrlKwarg
  );
}

function closedOnce(made: Shared, audience: FrameAudience): readonly string[] {
  const { requestId, position } = audience;
  const last = made.closed;
  if (last !== null && last.requestId === requestId && last.position === position) return last.frames;
  const frames = closed(made.opened, audience);
  made.closed = { requestId, position, frames };
  return frames;
}

function closed(opened: readonly OpenEvent[], { requestId, position }: FrameAudience): readonly string[] {
  const id = encodeJson(requestId);
  const last = opened.length - 1;
  return opened.map((each, index) => closeEvent(each, id, index === last ? position : null));
}
