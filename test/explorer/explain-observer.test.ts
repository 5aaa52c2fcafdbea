import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Explanation } from "../../src/explorer/inspection.ts";
import {
  action,
  AsyncAPIConsumer,
  BasePermission,
  ListModelMixin,
  GenericAsyncAPIConsumer,
  mixins,
  modelObserver,
  observer,
  ObserverModelListMixin,
  path,
  type PermissionClass,
  Signal,
} from "../../src/index.ts";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import { encodeJson } from "../../src/protocol/json.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { ask, startExplored } from "./start-explored.ts";
import { authenticate, IsOwner, openTasks, type TaskLab } from "./task-lab.ts";
import { toldSteps } from "./told-steps.ts";

const alarm = new Signal<{ readonly floor: number }>();

describeOnDatabases("why an observer heard nothing", (on) => {
  let lab: TaskLab;
  beforeEach(async () => {
    lab = await openTasks(on);
  });
  afterEach(() => lab.close());

  async function follow(consumer: ConsumerClass = watchingConsumer()) {
    const server = await startExplored({ routes: [path("ws/", consumer)], authenticate });
    const client = await server.connect("/ws/?user=1&explorer_tag=mine");
    expect(await ask(client, "follow", { owner: 1 })).toMatchObject({ errors: [] });
    const inspector = await server.connect("/explorer/ws/");
    const explain = async (pk: string | number, more: object = {}): Promise<Explanation> => {
      await lab.db.changes.caughtUp(await lab.db.changes.position());
      const question = { tag: "mine", subscription: encodeJson("ask follow"), pk, ...more };
      const { data, errors } = await ask<Explanation>(inspector, "explain_event", question);
      expect(errors).toEqual([]);
      return data;
    };
    return { client, explain };
  }

  function watchingConsumer(...permissions: readonly PermissionClass[]) {
    return class WatchingConsumer extends AsyncAPIConsumer {
      override permissionClasses = permissions;
      taskActivity = modelObserver(lab.Task, {
        groupsForSignal: (task) => [`owner-${task.ownerId}`],
        groupsForConsumer: ({ owner }: { owner: number }) => [`owner-${owner}`],
      });
      onAlarm = observer(alarm, {
        groupsForSignal: ({ floor }) => [`floor-${floor}`],
        groupsForConsumer: ({ floor }: { floor: number }) => [`floor-${floor}`],
      });
      follow = action({ input: z.object({ owner: z.number() }) }, async ({ owner }, { requestId }) => {
        await this.taskActivity.subscribe({ owner, requestId });
        await this.onAlarm.subscribe({ floor: 2, requestId });
      });
    };
  }

  const create = (values: object = {}) => lab.Task.objects.create({ title: "task", ownerId: 1, priority: 1, ...values });

  const groupsOf = ({ steps }: Explanation) => steps.find(({ name }) => name === "groups")?.detail;

  test("what every rule lets through was given to the observer", async () => {
    const { client, explain } = await follow();
    const { id } = await create();
    expect(await client.receiveJson()).toMatchObject({ action: "create", data: { pk: id } });
    const explanation = await explain(id);
    expect(toldSteps(explanation)).toEqual([
      'subscription request_id "ask follow": yes',
      "change_log Task: yes",
      `row id ${id}: yes`,
      "subscription groups: yes",
      "change_log changes: yes",
    ]);
    expect(explanation.steps.find(({ kind }) => kind === "subscription")?.detail).toBe(
      'task_activity follows task in group "owner-1".',
    );
    expect(explanation.summary).toMatch(/^Every rule on its way says yes: task_activity was given it\./);
    expect(explanation.steps.at(-1)).toMatchObject({ kind: "connection", name: "reader", passed: true });
  });

  test("the row is in another group, which of them it is in, and where it came from", async () => {
    const { explain } = await follow();
    const { id } = await create({ ownerId: 2 });
    expect((await explain(id)).summary).toBe(
      'Subscription groups: The row is in group "owner-2"; this listens to group "owner-1".',
    );
    await lab.Task.objects.filter({ id }).update({ ownerId: 1 });
    expect(groupsOf(await explain(id))).toBe('In group "owner-1" it is told as create.');
    await lab.Task.objects.filter({ id }).update({ ownerId: 3 });
    expect(groupsOf(await explain(id))).toBe('In group "owner-1" it is told as delete.');
    expect((await explain(id, { kind: "update" })).summary).toBe(
      'Subscription groups: In group "owner-1" it is told as delete, not as update.',
    );
  });

  test("nothing of the row was committed since, there is no such row, or it was deleted", async () => {
    const { id } = await create();
    const { explain } = await follow();
    expect((await explain(id)).summary).toContain("Nothing of this row was committed since the subscription began.");
    expect((await explain(999)).summary).toContain("It is not in the table, and was not deleted since the subscription began.");
    await lab.Task.objects.filter({ id }).delete();
    expect(groupsOf(await explain(id))).toBe('In group "owner-1" it is told as delete.');
  });

  test("permissions are asked with what happened in the group, and object permissions with the row", async () => {
    class NoUpdates extends BasePermission {
      override hasPermission(_scope: unknown, _consumer: unknown, name: string): boolean {
        return name !== "update";
      }
    }
    const { explain } = await follow(watchingConsumer(NoUpdates, IsOwner));
    const { id } = await create();
    expect(toldSteps(await explain(id)).slice(-5, -1)).toEqual([
      "permission NoUpdates: yes",
      "permission IsOwner: yes",
      "object_permission NoUpdates: yes",
      "object_permission IsOwner: yes",
    ]);
    await lab.Task.objects.filter({ id }).update({ title: "changed" });
    expect((await explain(id)).summary).toBe("The permission NoUpdates said no.");
    await lab.Task.objects.filter({ id }).update({ ownerId: 2 });
    expect((await explain(id)).summary).toBe("The object permission IsOwner said no.");
    const { id: gone } = await create();
    await lab.Task.objects.filter({ id: gone }).delete();
    expect(toldSteps(await explain(gone))).toContain("object_permission IsOwner: yes");
  });

  test("a signal has no rows: the permissions are asked with the observer's name", async () => {
    class NoAlarms extends BasePermission {
      override readonly message = "Not for you.";
      override hasPermission(_scope: unknown, _consumer: unknown, name: string): boolean {
        return name !== "on_alarm";
      }
    }
    const { explain } = await follow();
    const explanation = await explain("", { subscribedBy: "on_alarm" });
    expect(toldSteps(explanation)).toEqual(['subscription request_id "ask follow": yes']);
    expect(explanation.summary).toContain("signals leave no trace");
    const refused = await follow(watchingConsumer(NoAlarms));
    expect((await refused.explain("", { subscribedBy: "on_alarm" })).summary).toBe(
      "The permission NoAlarms said no: Not for you.",
    );
  });

  test("of a list and an observer under one request id the one that is named is meant", async () => {
    class BothConsumer extends mixins(GenericAsyncAPIConsumer(lab.generic), ListModelMixin, ObserverModelListMixin) {
      taskActivity = modelObserver(lab.Task);
      follow = action(async (_input, { requestId }) => {
        await this.taskActivity.subscribe({ requestId });
      });
    }
    const { client, explain } = await follow(BothConsumer);
    client.sendJson({ action: "subscribe_list", request_id: "ask follow" });
    await client.receiveJson();
    const { id } = await create();
    expect((await explain(id, { subscribedBy: "task_activity" })).summary).toContain("task_activity was given it");
    expect((await explain(id, { subscribedBy: "subscribe_list" })).summary).toMatch(/^It should have arrived/);
    expect((await explain(id)).summary).toMatch(/^It should have arrived/);
    expect((await explain(id, { subscribedBy: "subscribe_count" })).summary).toContain("has no such subscription");
  });
});
