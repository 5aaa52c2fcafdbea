import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { OrderedLane } from "../../src/consumers/ordered-lane.ts";

describe("an ordered lane", () => {
  it("runs work one after another; what goes first goes before what waits, in the order in which it was handed in", async () => {
    const lane = new OrderedLane();
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
    };
    await Promise.all([lane.run(work("a")), lane.run(work("b")), lane.runFirst(work("c")), lane.runFirst(work("d"))]);
    expect(seen.filter((entry) => entry.endsWith("begins")).map((entry) => entry.charAt(0))).toEqual(["a", "c", "d", "b"]);
    expect(seen.map((entry) => entry.charAt(0)).join("")).toBe("aaccddbb");
    expect(lane.isIdle).toBe(true);
  });

  it("runs work that had to wait in the asynchronous context of whoever handed it in", async () => {
    const lane = new OrderedLane();
    const context = new AsyncLocalStorage<string>();
    const read = async (): Promise<string | undefined> => context.getStore();
    const first = context.run("first", () => lane.run(read));
    const second = context.run("second", () => lane.run(read));
    const third = lane.run(read);
    expect(await Promise.all([first, second, third])).toEqual(["first", "second", undefined]);
  });

  it("goes on after work that failed", async () => {
    const lane = new OrderedLane();
    const refusal = new TypeError("no");
    const failed = lane.run(() => Promise.reject(refusal));
    const next = lane.run(() => Promise.resolve("next"));
    await expect(failed).rejects.toBe(refusal);
    expect(await next).toBe("next");
  });
});
