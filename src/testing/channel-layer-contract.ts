import assert from "node:assert/strict";
import { ChannelFull } from "../layers/channel-full.ts";
import type { ChannelLayer } from "../layers/channel-layer.ts";
import type { ChannelLimits } from "../layers/channel-limits.ts";
import type { ChannelMessage } from "../layers/channel-message.ts";
import { HeldReceiver } from "./held-receiver.ts";
import type { ContractRule } from "./connection-contract.ts";

/** A channel layer under test. */
export interface LayerUnderTest {
  readonly layer: ChannelLayer;
  /** The same layer as another process has it. For a layer within one process: `layer` itself. */
  readonly far: ChannelLayer;
  /** Lets so many milliseconds pass for the layer: moves its clock, or waits. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

/**
 * What every channel layer keeps, as tests for any runner:
 *
 * ```ts
 * for (const { title, run } of channelLayerContract(openLayer)) test(title, run);
 * ```
 *
 * `open` gives a fresh layer with the given limits for each rule. Names are the same in every rule, so one layer must not see another's.
 */
export function channelLayerContract(open: (limits: ChannelLimits) => Promise<LayerUnderTest>): readonly ContractRule[] {
  const rule = (title: string, check: (under: LayerUnderTest) => Promise<void>): ContractRule => ({
    title,
    run: async () => check(await open(LIMITS)),
  });
  return [
    rule("messages to a channel arrive in the order in which they were sent", arriveInOrder),
    rule("a channel gets one message at a time", oneAtATime),
    rule("a message to a group reaches every member once, and nobody else", reachMembersOnce),
    rule("a discarded member gets nothing, and discarding a stranger does nothing", discard),
    rule("a channel whose receiver has ended is in no group and may be registered again", endOfReceiver),
    rule("a channel cannot have two receivers", async ({ layer }) => {
      await layer.register("a", new HeldReceiver());
      await assert.rejects(layer.register("a", new HeldReceiver()), { code: "improperly_configured" });
    }),
    rule("sending to a channel or a group that nobody has registered does nothing", async ({ far }) => {
      await far.send("nobody", numbered(1));
      await far.groupSend("nobody", numbered(1));
    }),
    rule("a full channel refuses what is sent to it alone, and takes more when there is room again", refuseWhenFull),
    rule("a full member of a group loses the newest messages, is told once, and others lose nothing", overflow),
    rule("a burst is lost by nobody who keeps up", burst),
    rule("a message that waited for too long is not delivered, and its receiver is told", expire),
    rule("a receiver that fails is no matter to the sender, to others, or to its own next message", fail),
    rule("a receiver that is slow holds up nobody else", slow),
    rule("what arrives is as JSON can hold it, and cannot be changed under another receiver", sealed),
    rule("what JSON cannot hold is refused to the sender", async ({ layer }) => {
      await assert.rejects(layer.send("a", { type: "bad", value: () => 1 }), { code: "unserializable" });
      await assert.rejects(layer.groupSend("g", { type: "bad", value: new Set() }), { code: "unserializable" });
    }),
    rule("a registered member stays for longer than groups remember others", async ({ layer, far, pass }) => {
      const receiver = await registered(layer, "a", "g");
      await pass(LIMITS.groupExpiry * 2);
      await layer.groupAdd("other", "b");
      await far.groupSend("g", numbered(1));
      assert.deepEqual(await receiver.take(1), [1]);
    }),
    rule("a member that nobody receives from is forgotten", forget),
  ];
}

const LIMITS: ChannelLimits = Object.freeze({ capacity: 5, expiry: 2000, groupExpiry: 3000 });

function numbered(n: number): ChannelMessage {
  return { type: "number", n };
}

async function registered(layer: ChannelLayer, channel: string, ...groups: readonly string[]): Promise<HeldReceiver> {
  const receiver = new HeldReceiver();
  receiver.end = await layer.register(channel, receiver);
  for (const group of groups) await layer.groupAdd(group, channel);
  return receiver;
}

async function arriveInOrder({ layer, far }: LayerUnderTest): Promise<void> {
  const receiver = await registered(layer, "a", "g");
  for (const n of [1, 2]) await far.send("a", numbered(n));
  await Promise.all([far.groupSend("g", numbered(3)), far.send("a", numbered(4)), far.groupSend("g", numbered(5))]);
  assert.deepEqual(await receiver.take(5), [1, 2, 3, 4, 5]);
}

async function oneAtATime({ layer, far }: LayerUnderTest): Promise<void> {
  const receiver = await registered(layer, "a");
  for (const n of [1, 2, 3]) await far.send("a", numbered(n));
  await receiver.take(3);
  assert.equal(receiver.mostAtOnce, 1);
}

async function reachMembersOnce({ layer, far }: LayerUnderTest): Promise<void> {
  const [a, b, stranger] = [
    await registered(layer, "a", "g", "g"),
    await registered(layer, "b", "g", "h"),
    await registered(layer, "c"),
  ];
  await far.groupSend("g", numbered(1));
  for (const channel of ["a", "b", "c"]) await far.send(channel, numbered(2));
  assert.deepEqual(await a.take(2), [1, 2]);
  assert.deepEqual(await b.take(2), [1, 2]);
  assert.deepEqual(await stranger.take(1), [2]);
}

async function discard({ layer, far }: LayerUnderTest): Promise<void> {
  const [a, b] = [await registered(layer, "a", "g"), await registered(layer, "b", "g")];
  await layer.groupDiscard("g", "a");
  await layer.groupDiscard("g", "stranger");
  await far.groupSend("g", numbered(1));
  await far.send("a", numbered(2));
  assert.deepEqual(await b.take(1), [1]);
  assert.deepEqual(await a.take(1), [2]);
}

async function endOfReceiver({ layer, far }: LayerUnderTest): Promise<void> {
  const old = await registered(layer, "a", "g");
  await old.end();
  const young = await registered(layer, "a");
  await far.groupSend("g", numbered(1));
  await far.send("a", numbered(2));
  assert.deepEqual(await young.take(1), [2]);
  assert.deepEqual(old.seen, []);
}

async function refuseWhenFull({ layer, far }: LayerUnderTest): Promise<void> {
  const receiver = await registered(layer, "a");
  await fill(receiver, (message) => far.send("a", message));
  await assert.rejects(far.send("a", numbered(99)), ChannelFull);
  receiver.release();
  assert.deepEqual(await receiver.take(6), [0, 1, 2, 3, 4, 5]);
  await far.send("a", numbered(6));
  assert.deepEqual(await receiver.take(1), [6]);
}

async function overflow({ layer, far }: LayerUnderTest): Promise<void> {
  const [busy, idle] = [await registered(layer, "busy", "g"), await registered(layer, "idle", "g")];
  await fill(busy, (message) => far.groupSend("g", message));
  for (const n of [6, 7, 8]) {
    await far.groupSend("g", numbered(n));
    await idle.take(n === 6 ? 7 : 1);
  }
  await busy.overflown;
  busy.release();
  assert.deepEqual(await busy.take(6), [0, 1, 2, 3, 4, 5]);
  await far.groupSend("g", numbered(9));
  assert.deepEqual(await busy.take(1), [9]);
  assert.equal(busy.overflows, 1);
  assert.deepEqual(idle.seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].slice(0, idle.seen.length));
  assert.equal(idle.overflows, 0);
}

/** Keeps the receiver busy with message 0 while messages 1 to 5 wait. */
async function fill(receiver: HeldReceiver, send: (message: ChannelMessage) => Promise<void>): Promise<void> {
  receiver.hold();
  await send(numbered(0));
  await receiver.busy;
  for (let n = 1; n <= LIMITS.capacity; n += 1) await send(numbered(n));
}

async function burst({ layer, far }: LayerUnderTest): Promise<void> {
  const receiver = await registered(layer, "a", "g");
  const numbers = Array.from({ length: LIMITS.capacity * 10 }, (_each, n) => n);
  await Promise.all(numbers.map((n) => far.groupSend("g", numbered(n))));
  assert.deepEqual(await receiver.take(numbers.length), numbers);
  assert.equal(receiver.overflows, 0);
}

async function expire({ layer, far, pass }: LayerUnderTest): Promise<void> {
  const receiver = await registered(layer, "a");
  receiver.hold();
  await far.send("a", numbered(1));
  await receiver.busy;
  await far.send("a", numbered(2));
  await pass(LIMITS.expiry);
  await far.send("a", numbered(3));
  receiver.release();
  await receiver.overflown;
  assert.deepEqual(await receiver.take(2), [1, 3]);
}

async function fail({ layer, far }: LayerUnderTest): Promise<void> {
  const [bad, good] = [await registered(layer, "bad", "g"), await registered(layer, "good", "g")];
  bad.failOn = 1;
  await far.groupSend("g", numbered(1));
  await far.groupSend("g", numbered(2));
  assert.deepEqual(await bad.take(2), [1, 2]);
  assert.deepEqual(await good.take(2), [1, 2]);
}

async function slow({ layer, far }: LayerUnderTest): Promise<void> {
  const [held, free] = [await registered(layer, "held", "g"), await registered(layer, "free", "g")];
  held.hold();
  await far.groupSend("g", numbered(1));
  await far.groupSend("g", numbered(2));
  assert.deepEqual(await free.take(2), [1, 2]);
  held.release();
  assert.deepEqual(await held.take(2), [1, 2]);
}

async function sealed({ layer, far }: LayerUnderTest): Promise<void> {
  const [a, b] = [await registered(layer, "a", "g"), await registered(layer, "b", "g")];
  const message = { type: "value", n: 1, nested: { list: [1, "é", null] }, big: 2n ** 60n, gone: undefined };
  const sent = far.groupSend("g", message);
  message.nested.list.push(2);
  await sent;
  await a.take(1);
  await b.take(1);
  const expected = { type: "value", n: 1, nested: { list: [1, "é", null] }, big: 2n ** 60n };
  for (const { messages } of [a, b]) assert.deepEqual(messages[0], expected);
  assert.throws(() => Object.assign(Object(a.messages[0]?.["nested"]), { list: [] }), TypeError);
  assert.deepEqual(b.messages[0], expected);
}

async function forget({ layer, far, pass }: LayerUnderTest): Promise<void> {
  await layer.groupAdd("g", "a");
  await layer.groupAdd("g", "b");
  await pass(LIMITS.groupExpiry / 2);
  await layer.groupAdd("g", "b");
  await pass(LIMITS.groupExpiry / 2);
  await layer.groupAdd("other", "c");
  const [a, b] = [await registered(layer, "a"), await registered(layer, "b")];
  await far.groupSend("g", numbered(1));
  await far.send("a", numbered(2));
  assert.deepEqual(await b.take(1), [1]);
  assert.deepEqual(await a.take(1), [2]);
}
