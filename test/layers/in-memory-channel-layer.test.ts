import { describe, expect, test } from "vitest";
import type { ChannelMessage } from "../../src/layers/channel-message.ts";
import { InMemoryChannelLayer, type InMemoryChannelLayerOptions } from "../../src/layers/in-memory-channel-layer.ts";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { channelLayerContract, type LayerUnderTest } from "../../src/testing/channel-layer-contract.ts";
import { HeldReceiver } from "../../src/testing/held-receiver.ts";
import { Gate } from "../transports/sessions.ts";

async function open(options: InMemoryChannelLayerOptions): Promise<LayerUnderTest> {
  let now = 0;
  const layer = new InMemoryChannelLayer({ ...options, clock: () => now, onError: () => {} });
  return { layer, far: layer, pass: async (milliseconds) => void (now += milliseconds) };
}

describe("the in-memory layer", () => {
  for (const { title, run } of channelLayerContract(open)) test(title, run);
});

describe("the contract finds", () => {
  const run = async (title: RegExp, LayerClass: typeof InMemoryChannelLayer): Promise<void> => {
    const rules = channelLayerContract(async (options) => {
      const layer = new LayerClass({ ...options, onError: () => {} });
      return { layer, far: layer, pass: async () => {} };
    });
    await rules.find((rule) => title.test(rule.title))?.run();
  };

  test("a layer that delivers twice", async () => {
    class Doubling extends InMemoryChannelLayer {
      override async groupSend(group: string, message: ChannelMessage): Promise<void> {
        await super.groupSend(group, message);
        await super.groupSend(group, message);
      }
    }
    await expect(run(/every member once/, Doubling)).rejects.toThrow();
  });

  test("a layer that reorders", async () => {
    class Reordering extends InMemoryChannelLayer {
      override async groupSend(group: string, message: ChannelMessage): Promise<void> {
        await new Promise((resolve) => setImmediate(resolve));
        await super.groupSend(group, message);
      }
    }
    await expect(run(/in the order/, Reordering)).rejects.toThrow();
  });

  test("a layer that forgets members that are there", async () => {
    class Forgetful extends InMemoryChannelLayer {
      override async groupDiscard(): Promise<void> {}
    }
    await expect(run(/discarded member/, Forgetful)).rejects.toThrow();
  });
});

describe("the in-memory layer keeps nothing of", () => {
  test("a channel that has ended, and groups that are empty", async () => {
    const layer = new InMemoryChannelLayer();
    const end = await layer.register("a", { receive: () => {} });
    for (const group of ["g", "h", "i"]) await layer.groupAdd(group, "a");
    await layer.groupDiscard("g", "a");
    expect([layer.channelCount, layer.groupCount]).toEqual([1, 2]);
    await end();
    expect([layer.channelCount, layer.groupCount]).toEqual([0, 0]);
  });

  test("a member that was never received from, once it is forgotten", async () => {
    let now = 0;
    const layer = new InMemoryChannelLayer({ clock: () => now, groupExpiry: 10 });
    await layer.groupAdd("g", "a");
    now = 10;
    await layer.groupSend("other", { type: "x" });
    expect(layer.groupCount).toBe(0);
  });

  test("messages for a channel that ends while they wait", async () => {
    const layer = new InMemoryChannelLayer();
    const seen: unknown[] = [];
    const end = await layer.register("a", { receive: (message) => void seen.push(message) });
    const sent = layer.send("a", { type: "x" });
    await Promise.all([sent, end(), layer.send("a", { type: "y" })]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([]);
  });
});

test("ending a registration waits for the message in hand", async () => {
  const layer = new InMemoryChannelLayer();
  const receiver = new HeldReceiver();
  receiver.hold();
  const end = await layer.register("a", receiver);
  await layer.send("a", { type: "number", n: 1 });
  await receiver.busy;
  const ended = end().then(() => receiver.seen);
  setImmediate(() => receiver.release());
  expect(await ended).toEqual([1]);
});

test("a receiver that fails is reported with its channel", async () => {
  const report = new Gate<unknown>();
  const layer = new InMemoryChannelLayer({ onError: (error, channel) => report.open([String(error), channel]) });
  await layer.register("a", { receive: () => Promise.reject(new RangeError("no")) });
  await layer.send("a", { type: "x" });
  expect(await report.opened).toEqual(["RangeError: no", "a"]);
});

test.each([
  ["a capacity of 0", { capacity: 0 }],
  ["an expiry that is no number", { expiry: Number.NaN }],
])("%s is refused", (_name, options) => {
  expect(() => new InMemoryChannelLayer(options)).toThrow(ImproperlyConfigured);
});

test("a message without a type and a name that is empty or endless are refused", async () => {
  const layer = new InMemoryChannelLayer();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JavaScript may send
  await expect(layer.send("a", {} as ChannelMessage)).rejects.toThrow(ImproperlyConfigured);
  await expect(layer.groupAdd("", "a")).rejects.toThrow("1 to 255");
  await expect(layer.groupSend("x".repeat(256), { type: "x" })).rejects.toThrow("1 to 255");
});
