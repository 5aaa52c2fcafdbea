import { describe, expect, it } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import type { FailedRequest, ReplyOptions } from "../../src/consumers/reply-options.ts";
import { reply } from "../../src/consumers/reply.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { APIException, NotFound, ParseError } from "../../src/protocol/exceptions.ts";
import { connected, failure, success } from "./connected.ts";

class PingConsumer extends AsyncAPIConsumer {
  ping = action(async () => reply("pong"));
  fail = action(async () => {
    throw new RangeError("out of range");
  });
}

describe("a consumer without a model", () => {
  it("serves its actions, with its scope", async () => {
    class ScopeConsumer extends AsyncAPIConsumer {
      whoami = action(async () => reply({ user: this.scope.user, path: this.scope.path }));
    }
    const connection = await connected(ScopeConsumer, { path: "/rooms/?x=1", user: { id: 5 } });
    expect(await connection.ask({ action: "whoami", request_id: 1 })).toEqual(
      success("whoami", 1, { user: { id: 5 }, path: "/rooms/" }),
    );
  });

  it("is one instance per connection: state of one is not seen by another", async () => {
    class CountingConsumer extends AsyncAPIConsumer {
      calls = 0;
      count = action(async () => reply((this.calls += 1)));
    }
    const [one, two] = [await connected(CountingConsumer), await connected(CountingConsumer)];
    await one.ask({ action: "count" });
    expect(await one.ask({ action: "count" })).toMatchObject({ data: 2 });
    expect(await two.ask({ action: "count" })).toMatchObject({ data: 1 });
  });

  it("has a channel name that stays, and that no other connection has", async () => {
    class NameConsumer extends AsyncAPIConsumer {
      names = action(async () => reply({ first: this.channelName, second: this.channelName }));
    }
    const names: unknown[] = [];
    for (const connection of [await connected(NameConsumer), await connected(NameConsumer)]) {
      const { first, second } = Object(Reflect.get(Object(await connection.ask({ action: "names" })), "data"));
      expect(first).toBe(second);
      names.push(first);
    }
    expect(names[0]).not.toBe(names[1]);
  });
});

describe("getActionName", () => {
  class RpcConsumer extends AsyncAPIConsumer {
    protected override async getActionName(content: Record<string, unknown>): Promise<readonly [unknown, MessageArguments]> {
      if (!("method" in content)) throw new ParseError("no method");
      return [content["method"], { ...Object(content["params"]) }];
    }

    add = action({ input: z.object({ a: z.number(), b: z.number() }) }, async ({ a, b }) => reply(a + b));
  }

  it("may find name and arguments elsewhere in the frame", async () => {
    const connection = await connected(RpcConsumer);
    expect(await connection.ask({ method: "add", params: { a: 1, b: 2 }, request_id: 1 })).toEqual(success("add", 1, 3));
    expect(await connection.ask({ method: "zz", request_id: 3 })).toEqual(failure("zz", 3, 405, 'Method "zz" not allowed.'));
  });

  it("that throws is answered with action null", async () => {
    const connection = await connected(RpcConsumer);
    expect(await connection.ask({ action: "add", request_id: 2 })).toEqual(failure(null, 2, 400, "no method"));
  });
});

describe("handleException", () => {
  class Overridden extends PingConsumer {
    protected override async handleException(error: unknown, request: FailedRequest): Promise<void> {
      if (error instanceof RangeError) return super.handleException(new NotFound("mapped"), request);
      if (error instanceof ParseError) throw new TypeError("the handler itself fails");
      return super.handleException(error, request);
    }
  }

  it("may answer an error in its own way, and leave the rest to super", async () => {
    const connection = await connected(Overridden);
    expect(await connection.ask({ action: "fail", request_id: 1 })).toEqual(failure("fail", 1, 404, "mapped"));
    expect(await connection.ask({ action: "nope", request_id: 2 })).toEqual(
      failure("nope", 2, 405, 'Method "nope" not allowed.'),
    );
  });

  it("that fails itself still leaves the request answered: 500", async () => {
    const connection = await connected(Overridden);
    expect(await connection.ask("{not json")).toMatchObject({ response_status: 500, data: null, request_id: null });
    expect(await connection.ask({ action: "ping", request_id: 1 })).toEqual(success("ping", 1, "pong"));
  });
});

describe("reply", () => {
  it("may be overridden to say more in every answer: success, item of a stream, error and crash", async () => {
    class Verbose extends PingConsumer {
      count = action(async function* () {
        yield 1;
      });
      override async reply(options: ReplyOptions): Promise<void> {
        return super.reply({ ...options, extra: { docs: "/docs" } });
      }
    }
    const connection = await connected(Verbose);
    expect(await connection.ask({ action: "nope", request_id: 1 })).toMatchObject({ response_status: 405, docs: "/docs" });
    expect(await connection.ask({ action: "ping", request_id: 2 })).toEqual({ ...success("ping", 2, "pong"), docs: "/docs" });
    expect(await connection.ask({ action: "count", request_id: 3 })).toMatchObject({
      data: 1,
      response_status: 206,
      docs: "/docs",
    });
    expect(await connection.receive()).toMatchObject({ response_status: 200, docs: "/docs" });
    expect(await connection.ask({ action: "fail", request_id: 4 })).toMatchObject({ response_status: 500, docs: "/docs" });
  });

  it("that fails closes the connection with 1011 and is logged, since nothing can be answered", async () => {
    class Mute extends PingConsumer {
      override async reply(): Promise<void> {
        throw new TypeError("mute");
      }
    }
    const connection = await connected(Mute);
    connection.send({ action: "ping", request_id: 1 });
    expect(await connection.communicator.receiveClose()).toMatchObject({ code: 1011 });
    expect(connection.log.at(-1)).toMatchObject({ message: expect.stringContaining("reply() failed") });
  });
});

describe("an API exception of the application", () => {
  it("is answered with its own status, text and details", async () => {
    class Teapot extends APIException {
      static override readonly statusCode = 418;
      static override readonly defaultDetail = "I am a teapot.";
    }
    class TeaConsumer extends AsyncAPIConsumer {
      brew = action(async () => {
        throw new Teapot();
      });
      pour = action(async () => {
        throw new Teapot({ cups: { left: [0, null, true] } });
      });
    }
    const connection = await connected(TeaConsumer);
    expect(await connection.ask({ action: "brew", request_id: 1 })).toEqual(failure("brew", 1, 418, "I am a teapot."));
    expect(await connection.ask({ action: "pour", request_id: 2 })).toEqual(
      failure("pour", 2, 418, { cups: { left: ["0", "None", "True"] } }),
    );
  });
});

describe("action names", () => {
  it("are one member's each: a second member of the same name refuses the connection, and the log names both", async () => {
    class Twice extends AsyncAPIConsumer {
      sendMail = action(async () => reply(1));
      other = action({ name: "send_mail" }, async () => reply(2));
    }
    await expect(connected(Twice)).rejects.toThrow(/"send_mail".*"sendMail".*"other"/);
    class OwnCancel extends AsyncAPIConsumer {
      stop = action({ name: "cancel" }, async () => reply(1));
    }
    await expect(connected(OwnCancel)).rejects.toThrow(/"cancel"/);
  });
});
