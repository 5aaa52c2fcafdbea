import { describe, expect, it } from "vitest";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { reply } from "../../src/consumers/reply.ts";
import { BasePermission } from "../../src/permissions/base-permission.ts";
import { connected, failure, success } from "./connected.ts";

class Refuse extends BasePermission {
  override hasPermission(): boolean {
    return false;
  }
}

class PingConsumer extends AsyncAPIConsumer {
  ping = action(async () => reply("pong"));
  helper(): string {
    return "secret";
  }
}

class ClosedConsumer extends PingConsumer {
  override permissionClasses = [Refuse];
}

const pong = success("ping", "after", "pong");
const DENIED = "You do not have permission to perform this action.";

describe("what is wrong with a frame; the socket stays open", () => {
  it.each([
    ["an empty frame", ""],
    ["a blank frame", " \n"],
    ["a byte order mark", '\uFEFF{"action":"ping"}'],
    ["trailing text", '{"action":"ping"} x'],
    ["two objects", '{"action":"ping"}{"action":"ping"}'],
    ["truncated JSON", '{"action":"pi'],
    ["NaN", '{"action":"ping","x":NaN}'],
    ["single quotes", "{'action':'ping'}"],
    ["a comment", '{"action":"ping"}//'],
    ["a list", '[{"action":"ping"}]'],
    ["a number", "5"],
    ["a string", '"ping"'],
    ["null", "null"],
    ["nesting of 10,000 levels", `{"action":"ping","x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`],
    ["nesting of 10,000 levels without an end", '{"action":"ping","x":'.padEnd(10_000, "[")],
    ["an integer of 4,301 digits", `{"action":"ping","x":${"9".repeat(4301)}}`],
  ])("4.1 %s is answered 400 with action null and request_id null", async (_what, frame) => {
    const connection = await connected(PingConsumer);
    expect(await connection.ask(frame)).toMatchObject({ data: null, action: null, response_status: 400, request_id: null });
    expect(await connection.ask({ action: "ping", request_id: "after" })).toEqual(pong);
  });

  it("4.1 a binary frame is answered 400", async () => {
    const connection = await connected(PingConsumer);
    connection.communicator.sendBytes(Buffer.from('{"action":"ping"}'));
    expect(await connection.receive()).toMatchObject({ data: null, action: null, response_status: 400, request_id: null });
    expect(await connection.ask({ action: "ping", request_id: "after" })).toEqual(pong);
  });

  it("4.1 the nesting limit is the server's maxDepth", async () => {
    const connection = await connected(PingConsumer, { settings: { maxDepth: 3 } });
    expect(await connection.ask({ action: "ping", x: [[1]] })).toMatchObject({ response_status: 200 });
    expect(await connection.ask({ action: "ping", x: [[[1]]] })).toMatchObject({ response_status: 400, action: null });
  });

  it("4.2 a frame without action is answered 405 before permissions are asked", async () => {
    const answer = failure(null, 3, 405, "Unable to find action in message body.");
    expect(await (await connected(PingConsumer)).ask({ request_id: 3 })).toEqual(answer);
    expect(await (await connected(ClosedConsumer)).ask({ request_id: 3 })).toEqual(answer);
  });

  it("4.3 permissions are asked before the name is looked up: who may do nothing gets 403 for every name", async () => {
    const connection = await connected(ClosedConsumer);
    for (const name of ["ping", "nope", "constructor"]) {
      expect(await connection.ask({ action: name, request_id: 1 })).toEqual(failure(name, 1, 403, DENIED));
    }
  });

  it.each([
    "constructor",
    "__proto__",
    "toString",
    "to_string",
    "hasOwnProperty",
    "valueOf",
    "__defineGetter__",
    "helper",
    "reply",
    "close",
    "sendJson",
    "send_json",
    "connect",
    "disconnect",
    "websocketReceive",
    "websocket_receive",
    "getPermissions",
    "get_permissions",
    "handleException",
    "handle_exception",
    "checkPermissions",
    "scope",
    "connection",
    "running",
    "channelName",
    "permissionClasses",
    "",
  ])("4.4 %j was not declared as an action and is answered 405", async (name) => {
    const connection = await connected(PingConsumer);
    expect(await connection.ask({ action: name, request_id: 1 })).toEqual(failure(name, 1, 405, `Method "${name}" not allowed.`));
    expect(await connection.ask({ action: "ping", request_id: "after" })).toEqual(pong);
  });

  it.each([
    ["5", "5", 5],
    ["1.5", "1.5", 1.5],
    ["true", "True", true],
    ["false", "False", false],
    ["null", "None", null],
    ["1e400", "inf", null],
  ])("4.4 %s as action is printed as Python prints it: %s", async (sent, printed, echoed) => {
    const connection = await connected(PingConsumer);
    expect(await connection.ask(`{"action": ${sent}, "request_id": 1}`)).toEqual(
      failure(echoed, 1, 405, `Method "${printed}" not allowed.`),
    );
  });

  it.each(["{}", '["ping"]', '{"toString": 1}'])("4.4 the object or list %s as action is answered 405", async (sent) => {
    const connection = await connected(PingConsumer);
    expect(await connection.ask(`{"action": ${sent}, "request_id": 1}`)).toMatchObject({
      action: null,
      response_status: 405,
      request_id: 1,
    });
    expect(await connection.ask({ action: "ping", request_id: "after" })).toEqual(pong);
  });

  it("4.4 a very long name is answered 405 without being repeated in full", async () => {
    const { communicator } = await connected(PingConsumer);
    communicator.sendJson({ action: "x".repeat(100_000), request_id: 1 });
    const text = await communicator.receiveText();
    expect(JSON.parse(text)).toMatchObject({ action: null, response_status: 405, request_id: 1 });
    expect(text.length).toBeLessThan(400);
  });

  it("4.7 a request beyond the number that may be under way is answered 429 at once, and there is room again afterwards", async () => {
    const gate: { open: () => void } = { open: () => {} };
    class SlowConsumer extends PingConsumer {
      wait = action(async () => {
        await new Promise<void>((resolve) => (gate.open = resolve));
        return reply("done");
      });
    }
    const connection = await connected(SlowConsumer, { settings: { maxInFlight: 1 } });
    connection.send({ action: "wait", request_id: 1 });
    const refused = "Expected at most 1 requests under way at one consumer.";
    expect(await connection.ask({ action: "ping", request_id: 2 })).toEqual(failure("ping", 2, 429, refused));
    gate.open();
    expect(await connection.receive()).toEqual(success("wait", 1, "done"));
    expect(await connection.ask({ action: "ping", request_id: "after" })).toEqual(pong);
  });
});
