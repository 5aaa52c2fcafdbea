import { expect, test, vi } from "vitest";
import { FRESH_MS, Read } from "../../src/react/read.ts";

/** A question whose answers are given by hand. */
function questions() {
  const asked: { signal: AbortSignal; answer: (data: unknown) => void; fail: (error: unknown) => void }[] = [];
  const gone = vi.fn<() => void>();
  const read = new Read<unknown>((signal) => new Promise((answer, fail) => asked.push({ signal, answer, fail })), gone);
  return { asked, gone, read };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const doNothing = (): void => undefined;

test("one question for all who listen, also when they leave and come back at once", async () => {
  const { asked, read } = questions();
  read.subscribe(doNothing)();
  read.subscribe(doNothing);
  read.subscribe(doNothing);
  asked[0]?.answer(["a"]);
  await settle();
  expect(asked).toHaveLength(1);
  expect(asked[0]?.signal.aborted).toBe(false);
  expect(read.getSnapshot()).toEqual({ data: ["a"], error: null, pending: false });
});

test("the last question's answer counts, in whatever order answers come", async () => {
  const { asked, read } = questions();
  read.subscribe(doNothing);
  read.refetch();
  expect(asked[0]?.signal.aborted).toBe(true);
  asked[1]?.answer("second");
  await settle();
  asked[0]?.answer("first");
  await settle();
  expect(read.getSnapshot()).toEqual({ data: "second", error: null, pending: false });
});

test("what nobody waits for any more is cancelled, and tells nobody", async () => {
  const { asked, gone, read } = questions();
  const listener = vi.fn<() => void>();
  read.subscribe(listener)();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(gone).toHaveBeenCalledOnce();
  asked[0]?.answer("late");
  await settle();
  expect(listener).not.toHaveBeenCalled();
  expect(read.getSnapshot().data).toBeUndefined();
});

test("an error keeps the answer before, and whoever comes next asks again", async () => {
  const { asked, read } = questions();
  read.subscribe(doNothing);
  asked[0]?.answer("known");
  await settle();
  read.refetch();
  expect(read.getSnapshot()).toEqual({ data: "known", error: null, pending: true });
  asked[1]?.fail(new TypeError("no"));
  await settle();
  expect(read.getSnapshot()).toEqual({ data: "known", error: new TypeError("no"), pending: false });
  read.subscribe(doNothing);
  expect(asked).toHaveLength(3);
});

test("an answer is shared while it is new; later it is shown and asked for again", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const { asked, read } = questions();
    read.subscribe(doNothing);
    asked[0]?.answer("old");
    await settle();
    read.subscribe(doNothing);
    expect(asked).toHaveLength(1);
    vi.setSystemTime(Date.now() + FRESH_MS);
    read.subscribe(doNothing);
    expect(asked).toHaveLength(2);
    expect(read.getSnapshot()).toEqual({ data: "old", error: null, pending: true });
  } finally {
    vi.useRealTimers();
  }
});

test("an equal answer is the same object, so nothing renders that has not changed", async () => {
  const { asked, read } = questions();
  read.subscribe(doNothing);
  asked[0]?.answer([{ id: 1 }, { id: 2 }]);
  await settle();
  const { data: before } = read.getSnapshot();
  read.refetch();
  asked[1]?.answer([{ id: 1 }, { id: 2 }]);
  await settle();
  expect(read.getSnapshot().data).toBe(before);
});
