import { ServiceUnavailable } from "../protocol/exceptions.ts";
import type { CommittedTransaction, LoggedRow } from "../models/change-log/change.ts";
import type { MaybePromise } from "../models/database.ts";
import { toJsonValue } from "../models/json-value.ts";
import type { AnyModel } from "../models/model.ts";
import type { SerializerClass } from "../serializers/base-serializer.ts";
import { type GroupChange, groupChanges } from "./group-changes.ts";
import { watchQueryset } from "./live-queries.ts";
import type { EventSink } from "./live-query.ts";
import type { ModelAction } from "./model-observer-options.ts";
import type { QueryEvents, RowEvent } from "./row-event.ts";

/** What of an observer is the same for all connections of its class. */
export interface AudienceOptions {
  readonly model: AnyModel;
  readonly serializerClass: SerializerClass | undefined;
  readonly serialize: ((row: LoggedRow, action: ModelAction) => unknown) | undefined;
  readonly groupsForSignal: (row: LoggedRow) => Iterable<string>;
  readonly manyToMany: boolean;
}

/** One change for one group. */
export interface GroupEvent extends GroupChange {
  /** The row that is told of: as it is now, or as it was last. */
  readonly row: LoggedRow;
  /** The message, made when first asked for, once. */
  readonly body: () => Promise<unknown>;
}

/** A connection that listens to groups. */
export interface GroupMember {
  receive(transaction: CommittedTransaction, events: MaybePromise<readonly GroupEvent[] | "lost">): void;
}

/** Takes the changes of a model to the connections that listen to the groups of its rows. One per observer of a consumer class. */
export class ModelAudience implements EventSink {
  readonly #options: AudienceOptions;
  readonly #members = new Map<string, Set<GroupMember>>();
  #stop: (() => void) | null = null;

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** Resolves when no later change is missed. */
  async join(group: string, member: GroupMember): Promise<void> {
    const members = this.#members.get(group);
    if (members === undefined) this.#members.set(group, new Set([member]));
    else members.add(member);
    const { model, manyToMany } = this.#options;
    const { changes } = model.database;
    changes.observe(model, { manyToMany });
    this.#stop ??= watchQueryset(model.objects.orderBy(), manyToMany, this).stop;
    await changes.ready();
  }

  leave(group: string, member: GroupMember): void {
    const members = this.#members.get(group);
    members?.delete(member);
    if (members?.size === 0) this.#members.delete(group);
    if (this.#members.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  receive(transaction: CommittedTransaction, events: MaybePromise<QueryEvents>): void {
    if (!(events instanceof Promise)) return this.#tell(transaction, events);
    // Every member waits, so that later transactions do not come first.
    const later = events.then((known) => (known === "lost" ? known : this.#groupEvents(known)));
    for (const member of this.#allMembers()) {
      member.receive(
        transaction,
        later.then((known) => (known === "lost" ? known : known.filter(({ group }) => this.#members.get(group)?.has(member)))),
      );
    }
  }

  #tell(transaction: CommittedTransaction, events: QueryEvents): void {
    if (events === "lost") {
      for (const member of this.#allMembers()) member.receive(transaction, "lost");
      return;
    }
    const byMember = new Map<GroupMember, GroupEvent[]>();
    for (const event of this.#groupEvents(events)) {
      for (const member of this.#members.get(event.group) ?? []) {
        const known = byMember.get(member);
        if (known === undefined) byMember.set(member, [event]);
        else known.push(event);
      }
    }
    for (const [member, own] of byMember) member.receive(transaction, own);
  }

  #allMembers(): Set<GroupMember> {
    return new Set([...this.#members.values()].flatMap((members) => [...members]));
  }

  #groupEvents(events: readonly RowEvent[]): GroupEvent[] {
    return events.flatMap((event) => this.#eventsOf(event));
  }

  /** All tell the row as it is now, if it still is. */
  #eventsOf({ before, row: after, last }: RowEvent): GroupEvent[] {
    const row = after ?? last ?? before;
    if (row === null) return [];
    const { groupsForSignal } = this.#options;
    return groupChanges(groupsForSignal, before, after).map(({ group, action }) => this.#event(group, action, row));
  }

  #event(group: string, action: ModelAction, row: LoggedRow): GroupEvent {
    return { group, action, row, body: () => this.#body(row, action) };
  }

  readonly #bodies = new WeakMap<LoggedRow, Map<string, Promise<unknown>>>();

  /** Once per change, not once per subscriber. */
  #body(row: LoggedRow, action: ModelAction): Promise<unknown> {
    const bodies = this.#bodies.get(row) ?? new Map<string, Promise<unknown>>();
    this.#bodies.set(row, bodies);
    const key = this.#options.serialize === undefined ? "" : action;
    const known = bodies.get(key);
    if (known !== undefined) return known;
    const made = this.#makeBody(row, action);
    bodies.set(key, made);
    return made;
  }

  async #makeBody(row: LoggedRow, action: ModelAction): Promise<unknown> {
    const { serialize, serializerClass, model } = this.#options;
    if (serialize !== undefined) return serialize(row, action);
    if (serializerClass === undefined) return { pk: toJsonValue(model.pk, row[model.pk.name]) };
    const [shown] = await serializerClass.representMany([row]);
    if (shown === undefined) throw new ServiceUnavailable(`A row of ${model.name} could not be shown.`);
    return shown;
  }
}
