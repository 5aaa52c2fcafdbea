import { describe, expect, it } from "vitest";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { reply } from "../../src/consumers/reply.ts";
import { BasePermission, type PermissionConsumer } from "../../src/permissions/base-permission.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import type { Scope } from "../../src/protocol/scope.ts";
import { connected, type TestConnection } from "./connected.ts";

/** A consumer whose slow actions end when the test says so; `began` tells which have begun. */
function makeGated() {
  const gates = new Map<unknown, () => void>();
  const began: unknown[] = [];
  const pass = (id: unknown) => {
    began.push(id);
    return new Promise<void>((resolve) => gates.set(id, resolve));
  };
  class GatedConsumer extends AsyncAPIConsumer {
    slow = action(async (_args, { requestId }) => pass(requestId));
    ordered1 = action({ name: "first_lane", ordered: true }, async (_args, { requestId }) => pass(requestId));
    aside = action({ detached: true }, async (_args, { requestId }) => pass(requestId));
    fast = action(async () => reply("fast"));
    now = action({ detached: true }, async () => reply("now"));
    broken = action(async () => {
      throw new TypeError("broken");
    });
  }
  class OrderedConsumer extends GatedConsumer {
    override ordered = true;
  }
  return { GatedConsumer, OrderedConsumer, began, open: (id: unknown) => gates.get(id)?.() };
}

async function nextId(connection: TestConnection): Promise<unknown> {
  return Reflect.get(Object(await connection.receive()), "request_id");
}

/** What was sent so far has no answer: the next frame answers a detached action that is sent now. */
async function expectNoneYet(connection: TestConnection): Promise<void> {
  expect(await connection.ask({ action: "now", request_id: "now" })).toMatchObject({ request_id: "now" });
}

describe("order", () => {
  it("7.1 answers come in the order in which their requests finish; no slow action blocks the others", async () => {
    const { GatedConsumer, began, open } = makeGated();
    const connection = await connected(GatedConsumer);
    connection.send({ action: "slow", request_id: 1 });
    connection.send({ action: "slow", request_id: 2 });
    connection.send({ action: "fast", request_id: 3 });
    expect(await nextId(connection)).toBe(3);
    expect(began).toEqual([1, 2]);
    open(2);
    expect(await nextId(connection)).toBe(2);
    open(1);
    expect(await nextId(connection)).toBe(1);
  });

  it("7.2 ordered actions of one connection run one after another in the order they were sent, and others do not wait", async () => {
    const { GatedConsumer, began, open } = makeGated();
    const connection = await connected(GatedConsumer);
    for (const id of [1, 2, 3]) connection.send({ action: "first_lane", request_id: id });
    connection.send({ action: "fast", request_id: "f" });
    expect(await nextId(connection)).toBe("f");
    for (const id of [1, 2, 3]) {
      expect(began).toEqual([1, 2, 3].slice(0, id));
      open(id);
      expect(await nextId(connection)).toBe(id);
    }
  });

  it("7.2 ordered actions of two connections do not wait for each other", async () => {
    const { GatedConsumer, open } = makeGated();
    const [one, two] = [await connected(GatedConsumer), await connected(GatedConsumer)];
    one.send({ action: "first_lane", request_id: "one" });
    two.send({ action: "first_lane", request_id: "two" });
    await two.ask({ action: "fast", request_id: 0 });
    open("two");
    expect(await nextId(two)).toBe("two");
    open("one");
    expect(await nextId(one)).toBe("one");
  });

  it("7.3 in an ordered consumer every action waits for the one before it", async () => {
    const { OrderedConsumer, open } = makeGated();
    const connection = await connected(OrderedConsumer);
    connection.send({ action: "slow", request_id: 1 });
    connection.send({ action: "fast", request_id: 2 });
    await expectNoneYet(connection);
    open(1);
    expect(await nextId(connection)).toBe(1);
    expect(await nextId(connection)).toBe(2);
  });

  it("7.3 detached actions do not wait and are not waited for", async () => {
    const { OrderedConsumer, began, open } = makeGated();
    const connection = await connected(OrderedConsumer);
    connection.send({ action: "slow", request_id: 1 });
    connection.send({ action: "aside", request_id: 2 });
    connection.send({ action: "fast", request_id: 3 });
    await expectNoneYet(connection);
    expect(new Set(began)).toEqual(new Set([1, 2]));
    open(1);
    expect(await nextId(connection)).toBe(1);
    expect(await nextId(connection)).toBe(3);
    open(2);
    expect(await nextId(connection)).toBe(2);
  });

  it("7.2 ordered actions keep their order when a permission takes longer for one than for the next", async () => {
    const { GatedConsumer, began, open } = makeGated();
    const asked: (() => void)[] = [];
    class FirstIsSlow extends BasePermission {
      override hasPermission(
        _scope: Scope,
        _consumer: PermissionConsumer,
        _action: string,
        args: MessageArguments,
      ): boolean | Promise<boolean> {
        return args["request_id"] === 1 ? new Promise((resolve) => asked.push(() => resolve(true))) : true;
      }
    }
    class Guarded extends GatedConsumer {
      override permissionClasses = [FirstIsSlow];
    }
    const connection = await connected(Guarded);
    connection.send({ action: "first_lane", request_id: 1 });
    connection.send({ action: "first_lane", request_id: 2 });
    await connection.ask({ action: "fast", request_id: "f" });
    expect(began).toEqual([]);
    asked[0]?.();
    await connection.ask({ action: "fast", request_id: "f" });
    expect(began).toEqual([1]);
    open(1);
    expect(await nextId(connection)).toBe(1);
    open(2);
    expect(await nextId(connection)).toBe(2);
  });

  it("7.3 in an ordered consumer refusals wait their turn too", async () => {
    const { OrderedConsumer, open } = makeGated();
    const connection = await connected(OrderedConsumer);
    connection.send({ action: "slow", request_id: 1 });
    connection.send({ action: "nope", request_id: 2 });
    await expectNoneYet(connection);
    open(1);
    expect(await nextId(connection)).toBe(1);
    expect(await nextId(connection)).toBe(2);
  });

  it("7.3 an action that fails lets the next one run", async () => {
    const { OrderedConsumer } = makeGated();
    const connection = await connected(OrderedConsumer);
    connection.send({ action: "broken", request_id: 1 });
    connection.send({ action: "fast", request_id: 2 });
    expect(await nextId(connection)).toBe(1);
    expect(await nextId(connection)).toBe(2);
  });

  it("7.3 cancelling an action that waits its turn answers 499 at once and never runs it", async () => {
    const { OrderedConsumer, began, open } = makeGated();
    const connection = await connected(OrderedConsumer);
    connection.send({ action: "slow", request_id: 1 });
    connection.send({ action: "slow", request_id: 2 });
    connection.send({ action: "cancel", request_id: "c", cancel_request_id: 2 });
    const answers = [await connection.receive(), await connection.receive()];
    expect(answers).toContainEqual(expect.objectContaining({ request_id: 2, response_status: 499 }));
    expect(answers).toContainEqual(expect.objectContaining({ request_id: "c", data: { cancelled: 1 } }));
    open(1);
    expect(await connection.receive()).toMatchObject({ request_id: 1, response_status: 200 });
    expect(await connection.ask({ action: "fast", request_id: 3 })).toMatchObject({ request_id: 3 });
    expect(began).toEqual([1]);
  });

  it("7.3 the server's setting orders the consumers that do not say otherwise", async () => {
    const { GatedConsumer, open } = makeGated();
    const connection = await connected(GatedConsumer, { settings: { ordered: true } });
    connection.send({ action: "slow", request_id: 1 });
    connection.send({ action: "fast", request_id: 2 });
    await expectNoneYet(connection);
    open(1);
    expect(await nextId(connection)).toBe(1);
    expect(await nextId(connection)).toBe(2);
  });
});
