import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Scope } from "../../src/protocol/scope.ts";
import { AnonRateThrottle } from "../../src/throttling/anon-rate-throttle.ts";
import type { BaseThrottle, ThrottleClass, ThrottleConsumer } from "../../src/throttling/base-throttle.ts";
import { clientNetwork } from "../../src/throttling/client-network.ts";
import { MemoryRateLimiter } from "../../src/throttling/memory-rate-limiter.ts";
import { parseRate } from "../../src/throttling/rate.ts";
import type { RateLimiter } from "../../src/throttling/rate-limiter.ts";
import { ScopedRateThrottle } from "../../src/throttling/scoped-rate-throttle.ts";
import { SimpleRateThrottle } from "../../src/throttling/simple-rate-throttle.ts";
import { UserRateThrottle } from "../../src/throttling/user-rate-throttle.ts";
import { scopeOf } from "../permissions/scope-of.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Makes `count` requests, each with a throttle object of its own as a consumer does; answers how many were allowed. */
async function allowed(
  Throttle: ThrottleClass,
  scope: Scope,
  {
    count = 10,
    action = "list",
    ...rest
  }: { count?: number; action?: string; throttleScope?: ThrottleConsumer["throttleScope"] } = {},
): Promise<number> {
  let granted = 0;
  for (let index = 0; index < count; index += 1) {
    if (await new Throttle().allowRequest(scope, { scope, channelName: "test", ...rest }, action, {})) granted += 1;
  }
  return granted;
}

async function waitAfterRefusal(throttle: BaseThrottle, scope: Scope): Promise<number | null> {
  expect(await throttle.allowRequest(scope, { scope, channelName: "test" }, "list", {})).toBe(false);
  return throttle.wait();
}

const perUser = (rate: "3/min" | "5/s") =>
  class extends UserRateThrottle {
    override readonly rate = rate;
  };

describe("rates", () => {
  test.each([
    ["10/s", 10, 1],
    ["10/sec", 10, 1],
    ["7/m", 7, 60],
    ["7/min", 7, 60],
    ["1/h", 1, 3600],
    ["1/hour", 1, 3600],
    ["0/d", 0, 86_400],
    ["1000/day", 1000, 86_400],
  ] as const)("%s is %i requests per %i seconds", (rate, requests, seconds) => {
    expect(parseRate(rate)).toEqual({ requests, seconds });
  });

  test.each(["10", "10/", "/s", "x/s", "-1/s", "1.5/s", "10/year", "10/constructor", "10/s/s", ""])("%j is no rate", (text) => {
    // @ts-expect-error a rate is a number, a slash and a period
    expect(() => parseRate(text)).toThrow(expect.objectContaining({ code: "improperly_configured" }));
  });
});

describe("UserRateThrottle", () => {
  test("a user is allowed so many requests per period, over all connections", async () => {
    const Throttle = perUser("3/min");
    expect(await allowed(Throttle, scopeOf({ id: 1 }, "192.0.2.1"), { count: 2 })).toBe(2);
    expect(await allowed(Throttle, scopeOf({ id: 1 }, "192.0.2.2"), { count: 9 })).toBe(1);
  });

  test("users, anonymous addresses and actions are counted apart", async () => {
    const Throttle = perUser("3/min");
    const peers = [
      scopeOf({ id: 1 }),
      scopeOf({ id: 2 }),
      scopeOf({ id: "1" }),
      scopeOf(null, "192.0.2.1"),
      scopeOf(null, "192.0.2.2"),
    ];
    for (const scope of peers) expect(await allowed(Throttle, scope)).toBe(3);
    expect(await allowed(Throttle, scopeOf({ id: 1 }), { action: "create" })).toBe(3);
  });

  test("two throttle classes never share a counter", async () => {
    expect(await allowed(perUser("3/min"), scopeOf({ id: 1 }))).toBe(3);
    expect(await allowed(perUser("3/min"), scopeOf({ id: 1 }))).toBe(3);
  });

  test("the period over, requests are allowed again", async () => {
    const Throttle = perUser("3/min");
    await allowed(Throttle, scopeOf({ id: 1 }));
    vi.advanceTimersByTime(59_999);
    expect(await allowed(Throttle, scopeOf({ id: 1 }))).toBe(0);
    vi.advanceTimersByTime(1);
    expect(await allowed(Throttle, scopeOf({ id: 1 }))).toBe(3);
  });

  test("a refused request is told the seconds until the period ends", async () => {
    const Throttle = perUser("3/min");
    await allowed(Throttle, scopeOf({ id: 1 }), { count: 3 });
    vi.advanceTimersByTime(15_500);
    expect(await waitAfterRefusal(new Throttle(), scopeOf({ id: 1 }))).toBe(44.5);
  });

  test("an allowed request has nothing to wait for", async () => {
    const throttle = new (perUser("3/min"))();
    const scope = scopeOf({ id: 1 });
    await throttle.allowRequest(scope, { scope, channelName: "test" }, "list", {});
    expect(throttle.wait()).toBeNull();
  });

  test("action names too long to be real share one counter", async () => {
    const Throttle = perUser("3/min");
    expect(await allowed(Throttle, scopeOf({ id: 1 }), { action: "a".repeat(65) })).toBe(3);
    expect(await allowed(Throttle, scopeOf({ id: 1 }), { action: "b".repeat(1000) })).toBe(0);
  });

  test("a user without a primary key is a mistake of the application", async () => {
    const user: object = { name: "x" };
    const scope = { ...scopeOf(null), user: user as { id: number } };
    await expect(allowed(perUser("3/min"), scope)).rejects.toMatchObject({ code: "improperly_configured" });
  });

  test("a rate of null does not limit, a rate of 0 lets nothing pass, a missing rate is a mistake", async () => {
    class Unlimited extends UserRateThrottle {
      override readonly rate = null;
    }
    class Closed extends UserRateThrottle {
      override readonly rate = "0/s";
    }
    class Forgotten extends UserRateThrottle {}
    expect(await allowed(Unlimited, scopeOf(null), { count: 50 })).toBe(50);
    expect(await allowed(Closed, scopeOf(null))).toBe(0);
    await expect(allowed(Forgotten, scopeOf(null))).rejects.toMatchObject({ code: "improperly_configured" });
  });
});

describe("AnonRateThrottle", () => {
  class Anonymous extends AnonRateThrottle {
    override readonly rate = "2/min";
  }

  test("anonymous peers are counted by address, known users pass", async () => {
    expect(await allowed(Anonymous, scopeOf({ id: 1 }))).toBe(10);
    expect(await allowed(Anonymous, scopeOf(null))).toBe(2);
    expect(await allowed(Anonymous, scopeOf(null, "192.0.2.9"))).toBe(2);
  });

  test("the addresses of one IPv6 network count as one", async () => {
    expect(await allowed(Anonymous, scopeOf(null, "2001:db8:0:1::1"))).toBe(2);
    expect(await allowed(Anonymous, scopeOf(null, "2001:db8:0:1:ffff::2"))).toBe(0);
    expect(await allowed(Anonymous, scopeOf(null, "2001:db8:0:2::1"))).toBe(2);
  });

  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::1", "0:0:0:0::/64"],
    ["2001:0DB8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
    ["unix:/run/socket", "unix:/run/socket"],
    ["", ""],
  ])("%j is counted as %j", (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});

describe("ScopedRateThrottle", () => {
  const scoped = () =>
    class extends ScopedRateThrottle {
      override readonly rates = { burst: "5/s", uploads: "2/day", free: null } as const;
    };

  test("a consumer picks a rate by name for all of its actions", async () => {
    const Throttle = scoped();
    expect(await allowed(Throttle, scopeOf(null), { throttleScope: "burst" })).toBe(5);
    expect(await allowed(Throttle, scopeOf(null), { throttleScope: "burst", action: "create" })).toBe(0);
    expect(await allowed(Throttle, scopeOf(null), { throttleScope: "uploads" })).toBe(2);
  });

  test("a consumer picks a rate per action, and an action that picks none is not counted", async () => {
    const Throttle = scoped();
    const throttleScope = { create: "uploads", list: "burst" };
    expect(await allowed(Throttle, scopeOf(null), { throttleScope, action: "create" })).toBe(2);
    expect(await allowed(Throttle, scopeOf(null), { throttleScope })).toBe(5);
    for (const action of ["retrieve", "constructor", "__proto__", "toString"]) {
      expect(await allowed(Throttle, scopeOf(null), { throttleScope, action })).toBe(10);
    }
  });

  test("a rate of null does not limit, and neither does a consumer without a scope", async () => {
    expect(await allowed(scoped(), scopeOf(null), { throttleScope: "free" })).toBe(10);
    expect(await allowed(scoped(), scopeOf(null))).toBe(10);
  });

  test.each(["nothing", "constructor", "__proto__"])(
    "a scope %j that has no rate is a mistake of the application",
    async (throttleScope) => {
      await expect(allowed(scoped(), scopeOf(null), { throttleScope })).rejects.toMatchObject({ code: "improperly_configured" });
    },
  );
});

describe("limiters", () => {
  test("a subclass counts what its key says, and null is not counted", async () => {
    class PerRoom extends SimpleRateThrottle {
      override readonly rate = "2/min";
      override getCacheKey(scope: Scope): string | null {
        const room = scope.pathParams["room"];
        return room === undefined ? null : `room:${room}`;
      }
    }
    expect(await allowed(PerRoom, { ...scopeOf({ id: 1 }), pathParams: { room: "a" } }, { count: 1 })).toBe(1);
    expect(await allowed(PerRoom, { ...scopeOf({ id: 2 }), pathParams: { room: "a" } })).toBe(1);
    expect(await allowed(PerRoom, { ...scopeOf({ id: 2 }), pathParams: { room: "b" } })).toBe(2);
    expect(await allowed(PerRoom, scopeOf({ id: 2 }))).toBe(10);
  });

  test("a limiter of one's own is made once per class and rate and is asked with the key", async () => {
    const made: string[] = [];
    const keys: string[] = [];
    const limiter: RateLimiter = { consume: async (key) => keys.push(key) };
    class Shared extends UserRateThrottle {
      override readonly rate = "2/min";
      override readonly createLimiter = (_rate: unknown, name: string) => {
        made.push(name);
        return limiter;
      };
    }
    expect(await allowed(Shared, scopeOf({ id: 1 }), { count: 2 })).toBe(2);
    expect(made).toEqual(["Shared:2/min"]);
    expect(keys).toEqual(["user:number:1:list", "user:number:1:list"]);
  });

  test("a limiter that cannot count fails the request instead of allowing it", async () => {
    class Broken extends UserRateThrottle {
      override readonly rate = "2/min";
      override readonly createLimiter = () => ({ consume: () => Promise.reject(new RangeError("store is away")) });
    }
    await expect(allowed(Broken, scopeOf(null))).rejects.toThrow("store is away");
  });

  test("the memory limiter remembers a bounded number of keys and forgets the one unused for longest", async () => {
    const limiter = new MemoryRateLimiter({ requests: 1, seconds: 60 }, 2);
    await limiter.consume("a");
    await limiter.consume("b");
    await expect(limiter.consume("a")).rejects.toMatchObject({ msBeforeNext: 60_000 });
    await limiter.consume("c");
    await expect(limiter.consume("a")).rejects.toMatchObject({ msBeforeNext: 60_000 });
    await expect(limiter.consume("b")).resolves.toBeDefined();
    expect(vi.getTimerCount()).toBe(2);
  });
});

test("a limiter's timers do not keep the process alive", async () => {
  vi.useRealTimers();
  const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  await new MemoryRateLimiter({ requests: 1, seconds: 3600 }).consume("a");
  expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout")).toHaveLength(before);
});

describe("foresee", () => {
  const foresee = (throttle: BaseThrottle, scope: Scope) => throttle.foresee(scope, { scope, channelName: "test" }, "list", {});

  test("says what the next request would meet, and counts nothing", async () => {
    const Throttle = perUser("3/min");
    const scope = scopeOf({ id: 1 }, "192.0.2.1");
    expect(await foresee(new Throttle(), scope)).toEqual({ allows: true, detail: "0 of 3/min were made." });
    await allowed(Throttle, scope, { count: 2 });
    for (let n = 0; n < 9; n += 1)
      expect(await foresee(new Throttle(), scope)).toEqual({ allows: true, detail: "2 of 3/min were made." });
    expect(await allowed(Throttle, scope, { count: 2 })).toBe(1);
    vi.setSystemTime(20_000);
    const refusal = { allows: false, detail: "3 of 3/min were made; the next is let through in 40 s." };
    expect(await foresee(new Throttle(), scope)).toEqual(refusal);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await foresee(new Throttle(), scope)).toMatchObject({ allows: true });
  });

  test("says that a request is not counted where it is not", async () => {
    class Anonymous extends AnonRateThrottle {
      override readonly rate = "1/min";
    }
    const scope = scopeOf({ id: 1 }, "192.0.2.1");
    expect(await foresee(new Anonymous(), scope)).toEqual({ allows: true, detail: "Such requests are not counted." });
  });

  test("is null where nobody can tell: a limiter that only counts, a throttle of its own", async () => {
    class Blind extends perUser("3/min") {
      override readonly createLimiter = () => ({ consume: () => Promise.resolve() });
    }
    expect(await foresee(new Blind(), scopeOf({ id: 1 }, "192.0.2.1"))).toBeNull();
  });
});
