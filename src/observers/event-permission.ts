import { ActionContext } from "../consumers/action-context.ts";
import type { AnyGenericConsumer } from "../consumers/generic-async-api-consumer.ts";
import { withinAction } from "../consumers/running-action.ts";
import type { LoggedRow } from "../models/change-log/change.ts";
import type { MaybePromise } from "../models/database.ts";
import { judgesObjects } from "../permissions/composite-permission.ts";
import { APIException } from "../protocol/exceptions.ts";
import type { MessageArguments } from "../protocol/arguments.ts";
import type { RowEvent } from "./row-event.ts";

/** Do this subscriber's permissions look at single rows? */
export function judgesRows(consumer: AnyGenericConsumer, args: MessageArguments): boolean {
  return consumer["getPermissions"](args).some(judgesObjects);
}

/**
 * The event as this subscriber may have it at this moment, or null. A row that object permissions show no more is a `delete`, one that they
 * show from now on a `create`.
 *
 * @param hasRow false for an event that is about no single row.
 */
export function permittedEvent(
  consumer: AnyGenericConsumer,
  event: RowEvent,
  args: MessageArguments,
  hasRow = true,
): MaybePromise<RowEvent | null> {
  if (consumer["getPermissions"](args).length === 0) return event;
  const judge = (allowed: boolean): MaybePromise<RowEvent | null> => {
    if (!allowed) return null;
    return hasRow && judgesRows(consumer, args) ? judgeRow(consumer, event, args) : event;
  };
  const allowed = allows(() => consumer["checkPermissions"](event.kind, args));
  return allowed instanceof Promise ? allowed.then(judge) : judge(allowed);
}

async function judgeRow(consumer: AnyGenericConsumer, event: RowEvent, args: MessageArguments): Promise<RowEvent | null> {
  const shows = (row: LoggedRow | null): MaybePromise<boolean> => mayView(consumer, row, args, event.kind);
  if (event.kind === "create") return (await shows(event.row)) ? event : null;
  if (event.kind === "delete") return event.before === null || (await shows(event.before)) ? event : null;
  const [was, is] = [event.before === null || (await shows(event.before)), await shows(event.row)];
  if (is) return was ? event : { ...event, kind: "create" };
  return was ? { kind: "delete", pk: event.pk, row: null, before: event.before } : null;
}

/** Do this subscriber's object permissions show the row? */
export function mayView(
  consumer: AnyGenericConsumer,
  row: object | null,
  args: MessageArguments,
  action = "retrieve",
): MaybePromise<boolean> {
  if (row === null) return false;
  const context = new ActionContext(action);
  return allows(() => withinAction(context, () => consumer["checkObjectPermissions"](row, args)));
}

/** A refusal is an answer; any other failure is one of the application. */
function allows(check: () => MaybePromise<void>): MaybePromise<boolean> {
  try {
    const checked = check();
    return checked instanceof Promise ? checked.then(() => true, refused) : true;
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): false {
  if (error instanceof APIException && error.status < 500) return false;
  throw error;
}
