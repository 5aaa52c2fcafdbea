import { describe, expect, it } from "vitest";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { reply } from "../../src/consumers/reply.ts";
import { BasePermission, type PermissionConsumer } from "../../src/permissions/base-permission.ts";
import { IsAuthenticated } from "../../src/permissions/is-authenticated.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { NotAuthenticated, NotFound, PermissionDenied } from "../../src/protocol/exceptions.ts";
import type { Scope } from "../../src/protocol/scope.ts";
import { BaseThrottle } from "../../src/throttling/base-throttle.ts";
import { connected, failure, success, TestConnection } from "./connected.ts";

const DENIED = "You do not have permission to perform this action.";

class PingConsumer extends AsyncAPIConsumer {
  ping = action(async () => reply("pong"));
  fail = action(async () => {
    throw new RangeError("out of range");
  });
}

describe("permissions", () => {
  it("getPermissions may choose by the arguments", async () => {
    class Chosen extends PingConsumer {
      protected override getPermissions(args: MessageArguments): readonly BasePermission[] {
        return args["public"] === true ? [] : [new IsAuthenticated()];
      }
    }
    const connection = await connected(Chosen);
    expect(await connection.ask({ action: "ping", request_id: 1 })).toEqual(failure("ping", 1, 403, DENIED));
    expect(await connection.ask({ action: "ping", request_id: 2, public: true })).toEqual(success("ping", 2, "pong"));
  });

  it("checkPermissions may ask for more than the classes do", async () => {
    class Stricter extends PingConsumer {
      protected override async checkPermissions(name: string, args: MessageArguments): Promise<void> {
        await super.checkPermissions(name, args);
        if (name === "ping") throw new PermissionDenied("not today");
      }
    }
    expect(await (await connected(Stricter)).ask({ action: "ping", request_id: 1 })).toEqual(
      failure("ping", 1, 403, "not today"),
    );
  });

  it("may answer later, and each is asked with action and arguments", async () => {
    const asked: unknown[] = [];
    class Later extends BasePermission {
      override async hasPermission(
        _scope: Scope,
        consumer: PermissionConsumer,
        name: string,
        args: MessageArguments,
      ): Promise<boolean> {
        await new Promise((resolve) => setImmediate(resolve));
        asked.push([name, args["token"], consumer.scope.path]);
        return args["token"] === "s3cret";
      }
    }
    class Guarded extends PingConsumer {
      override permissionClasses = [Later];
    }
    const connection = await connected(Guarded);
    expect(await connection.ask({ action: "ping", request_id: 1 })).toEqual(failure("ping", 1, 403, DENIED));
    expect(await connection.ask({ action: "ping", request_id: 2, token: "s3cret" })).toEqual(success("ping", 2, "pong"));
    expect(asked).toEqual([
      ["ping", undefined, "/"],
      ["ping", "s3cret", "/"],
    ]);
  });

  it("that throw answer with what they throw: 401 for NotAuthenticated, 500 for what is no API exception", async () => {
    class Throwing extends BasePermission {
      override hasPermission(_scope: Scope, _consumer: PermissionConsumer, name: string): boolean {
        throw name === "ping" ? new NotAuthenticated() : new TypeError("/srv/secret");
      }
    }
    class Guarded extends PingConsumer {
      override permissionClasses = [Throwing];
    }
    const connection = await connected(Guarded);
    const text = "Authentication credentials were not provided.";
    expect(await connection.ask({ action: "ping", request_id: 1 })).toEqual(failure("ping", 1, 401, text));
    expect(await connection.ask({ action: "fail", request_id: 2 })).toMatchObject({ response_status: 500, data: null });
  });

  it("of the server hold for consumers that declare none, and not for those that do", async () => {
    class Open extends PingConsumer {
      override permissionClasses = [];
    }
    const settings = { defaultPermissionClasses: [IsAuthenticated] };
    expect(await (await connected(PingConsumer, { settings })).ask({ action: "ping" })).toMatchObject({ response_status: 403 });
    expect(await (await connected(Open, { settings })).ask({ action: "ping" })).toMatchObject({ response_status: 200 });
  });
});

describe("connecting", () => {
  function refusedBy(canConnect: () => boolean | Promise<boolean>) {
    class Guard extends BasePermission {
      override canConnect(): boolean | Promise<boolean> {
        return canConnect();
      }
    }
    return class extends PingConsumer {
      override permissionClasses = [Guard];
    };
  }

  async function statusOf(consumer: typeof PingConsumer): Promise<number> {
    const result = await new TestConnection(consumer).communicator.connect();
    return result.connected ? 101 : result.status;
  }

  it("1.2 is refused with 403 when a permission's canConnect says no, at once or later", async () => {
    expect(await statusOf(refusedBy(() => false))).toBe(403);
    expect(await statusOf(refusedBy(async () => false))).toBe(403);
    expect(await statusOf(refusedBy(async () => true))).toBe(101);
  });

  it("1.2 is refused with the status of what canConnect throws, 500 when that is no API exception", async () => {
    const throwing = (error: Error) => () => {
      throw error;
    };
    expect(await statusOf(refusedBy(throwing(new NotAuthenticated())))).toBe(401);
    expect(await statusOf(refusedBy(throwing(new PermissionDenied("no entry"))))).toBe(403);
    expect(await statusOf(refusedBy(throwing(new TypeError("crash"))))).toBe(500);
  });

  it("1.2 is refused with the status of what connect() throws, after the permissions agreed", async () => {
    class Full extends PingConsumer {
      override async connect(): Promise<void> {
        throw new NotFound("no such room");
      }
    }
    expect(await statusOf(Full)).toBe(404);
    class Guarded extends Full {
      override permissionClasses = [IsAuthenticated];
    }
    expect(await statusOf(Guarded)).toBe(404);
  });

  it("runs connect() before and disconnect() once after, with the close code", async () => {
    const events: unknown[] = [];
    class Watched extends PingConsumer {
      override async connect(): Promise<void> {
        events.push("connect");
      }

      override async disconnect(code: number): Promise<void> {
        events.push(code);
      }
    }
    const { communicator } = await connected(Watched);
    await communicator.disconnect(4321);
    expect(events).toEqual(["connect", 4321]);
  });
});

describe("throttles", () => {
  const waits: Record<string, number | null> = { ping: 4.2, fail: null };
  class Never extends BaseThrottle {
    private seconds: number | null = null;

    override async allowRequest(_scope: Scope, _consumer: object, name: string): Promise<boolean> {
      this.seconds = waits[name] ?? null;
      return name === "free";
    }

    override wait(): number | null {
      return this.seconds;
    }
  }
  class Throttled extends PingConsumer {
    override throttleClasses = [Never];
    free = action(async () => reply("free"));
  }

  it("that refuse answer 429 with the seconds to wait, rounded up", async () => {
    const connection = await connected(Throttled);
    const text = "Request was throttled. Expected available in 5 seconds.";
    expect(await connection.ask({ action: "ping", request_id: 1 })).toEqual(failure("ping", 1, 429, text));
    expect(await connection.ask({ action: "fail", request_id: 2 })).toEqual(failure("fail", 2, 429, "Request was throttled."));
    expect(await connection.ask({ action: "free", request_id: 3 })).toEqual(success("free", 3, "free"));
  });

  it("are not asked for a name that is no action", async () => {
    expect(await (await connected(Throttled)).ask({ action: "nope", request_id: 1 })).toMatchObject({ response_status: 405 });
  });

  it("of the server hold for consumers that declare none", async () => {
    const connection = await connected(PingConsumer, { settings: { defaultThrottleClasses: [Never] } });
    expect(await connection.ask({ action: "ping" })).toMatchObject({ response_status: 429 });
  });
});
