import { describe, expect, it } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { noReply, reply } from "../../src/consumers/reply.ts";
import { connected, failure, success } from "./connected.ts";

class EchoConsumer extends AsyncAPIConsumer {
  echo = action(async (args) => reply(args));
  strict = action({ input: z.strictObject({ x: z.number() }) }, async ({ x }) => reply(x));
  nothing = action(async () => {});
  plain = action(async () => ({ a: 1 }));
  created = action(async () => reply({ id: 1 }, 201));
  numbers = action(async () =>
    reply({ big: 123456789012345678901234567890n, nan: NaN, inf: [Infinity, -Infinity], gone: undefined }),
  );
  silent = action(async () => {
    await this.reply({ action: "silent", data: "own", extra: { position: "e:7" } });
    return noReply;
  });
  explode = action(async () => {
    throw new TypeError("SELECT password FROM auth_user -- /srv/app/secret.ts");
  });
  set = action(async () => reply(new Set([1])));
  ring = action(async () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    return reply(ring);
  });
}

const BIG = "12345678901234567890123456789012345678";

describe("requests", () => {
  it("2.1 action names are compared exactly, and request_id comes back in the answer", async () => {
    const connection = await connected(EchoConsumer);
    expect(await connection.ask({ action: "plain", request_id: 7 })).toEqual(success("plain", 7, { a: 1 }));
    for (const name of ["Plain", " plain", "plain ", "PLAIN"]) {
      expect(await connection.ask({ action: name, request_id: 8 })).toEqual(
        failure(name, 8, 405, `Method "${name}" not allowed.`),
      );
    }
  });

  it("2.1 all other keys are arguments; action and request_id are none", async () => {
    const connection = await connected(EchoConsumer);
    const answer = await connection.ask({ action: "echo", request_id: 1, x: 1, data: { y: [2] }, self: null, scope: 3 });
    expect(answer).toEqual(success("echo", 1, { x: 1, data: { y: [2] }, self: null, scope: 3 }));
  });

  it("2.1 keys that an action does not know are ignored, unless its own schema says otherwise", async () => {
    const connection = await connected(EchoConsumer);
    expect(await connection.ask({ action: "plain", unknown: 1 })).toEqual(success("plain", null, { a: 1 }));
    expect(await connection.ask({ action: "strict", x: 1, unknown: 1 })).toMatchObject({ response_status: 400, data: null });
    expect(await connection.ask({ action: "strict", x: 1, request_id: 5 })).toEqual(success("strict", 5, 1));
  });

  it.each([
    ["null", "null"],
    ["true", "true"],
    ["false", "false"],
    ["0", "0"],
    ["-1.5", "-1.5"],
    ['""', '""'],
    ['"a \\u00e9 \\ud83d\\ude00"', '"a é 😀"'],
    ["9007199254740993", "9007199254740993"],
    [`-${BIG}`, `-${BIG}`],
    [`"${"x".repeat(128)}"`, `"${"x".repeat(128)}"`],
  ])("2.2 request_id %s is echoed as it was sent", async (sent, echoed) => {
    const { communicator } = await connected(EchoConsumer);
    communicator.sendText(`{"action": "nothing", "request_id": ${sent}}`);
    const text = await communicator.receiveText();
    expect(text.slice(text.indexOf('"request_id":'))).toBe(`"request_id":${echoed}}`);
  });

  it("2.2 a request_id that is left out is null", async () => {
    expect(await (await connected(EchoConsumer)).ask({ action: "nothing" })).toEqual(success("nothing", null, null));
  });

  it.each([
    ["an object", "{}"],
    ["a list", "[1]"],
    ["a string of 129 bytes", `"${"x".repeat(129)}"`],
    ["a string of 43 characters in 129 bytes", `"${"€".repeat(43)}"`],
    ["a number of 129 digits", "1".repeat(129)],
    ["an infinite number", "1e999"],
  ])("2.2 %s as request_id is answered 400 with request_id null", async (_what, sent) => {
    const connection = await connected(EchoConsumer);
    const answer = await connection.ask(`{"action": "nothing", "request_id": ${sent}}`);
    expect(answer).toMatchObject({ action: "nothing", response_status: 400, request_id: null, data: null });
    expect(await connection.ask({ action: "nothing", request_id: 2 })).toEqual(success("nothing", 2, null));
  });

  it("2.3 of a key that occurs twice the last counts, and white space around the object is ignored", async () => {
    const connection = await connected(EchoConsumer);
    const text = ' \r\n\t{"action": "explode", "action": "echo", "request_id": 1, "request_id": 2, "x": 1, "x": 2} \n';
    expect(await connection.ask(text)).toEqual(success("echo", 2, { x: 2 }));
  });

  it("2.4 integers beyond 2^53 are read and written exactly", async () => {
    const { communicator } = await connected(EchoConsumer);
    communicator.sendText(
      `{"action": "echo", "n": ${BIG}, "nested": [{"m": -9007199254740993}], "text": "${BIG}", "\\u0023": "\\u0023${BIG}"}`,
    );
    const text = await communicator.receiveText();
    expect(text).toContain(`"data":{"n":${BIG},"nested":[{"m":-9007199254740993}],"text":"${BIG}","#":"#${BIG}"}`);
  });

  it("2.4 NaN and Infinity are refused with 400 on the way in and are null on the way out", async () => {
    const connection = await connected(EchoConsumer);
    for (const value of ["NaN", "Infinity", "-Infinity"]) {
      expect(await connection.ask(`{"action": "echo", "x": ${value}}`)).toMatchObject({ response_status: 400, action: null });
    }
    expect(await connection.ask({ action: "numbers" })).toEqual(
      success("numbers", null, { big: 123456789012345678901234567890n, nan: null, inf: [null, null] }),
    );
  });
});

describe("answers", () => {
  it("3 an answer always has the five keys in this order", async () => {
    const { communicator } = await connected(EchoConsumer);
    communicator.sendJson({ action: "created", request_id: 1 });
    expect(await communicator.receiveText()).toBe(
      '{"errors":[],"data":{"id":1},"action":"created","response_status":201,"request_id":1}',
    );
    communicator.sendJson({ action: "fly", request_id: 2 });
    expect(await communicator.receiveText()).toBe(
      '{"errors":["Method \\"fly\\" not allowed."],"data":null,"action":"fly","response_status":405,"request_id":2}',
    );
  });

  it("3.1 an action that returns nothing answers data null with 200, one that answered by itself answers nothing more", async () => {
    const connection = await connected(EchoConsumer);
    expect(await connection.ask({ action: "nothing", request_id: 1 })).toEqual(success("nothing", 1, null));
    expect(await connection.ask({ action: "silent", request_id: 2 })).toMatchObject({ data: "own", request_id: null });
    expect(await connection.ask({ action: "plain", request_id: 3 })).toMatchObject({ request_id: 3 });
  });

  it("3.3 an action is echoed when it is a number, a boolean or a string of at most 128 characters, else it is null", async () => {
    const connection = await connected(EchoConsumer);
    const echoed = async (sent: unknown) => Reflect.get(Object(await connection.ask({ action: sent })), "action");
    expect(await echoed(5)).toBe(5);
    expect(await echoed(false)).toBe(false);
    expect(await echoed("x".repeat(128))).toBe("x".repeat(128));
    expect(await echoed("x".repeat(129))).toBeNull();
    expect(await echoed({})).toBeNull();
    expect(await echoed(null)).toBeNull();
  });

  it("3.4 more keys may follow the five", async () => {
    const { communicator } = await connected(EchoConsumer);
    communicator.sendJson({ action: "silent" });
    expect(await communicator.receiveText()).toMatch(/"response_status":200,"request_id":null,"position":"e:7"\}$/);
  });

  it("3.5 an error that is not meant for the client is answered 500 with an id that the log has too, without message or stack", async () => {
    const connection = await connected(EchoConsumer, { settings: { ids: () => "id-1" } });
    const answer = await connection.ask({ action: "explode", request_id: 1 });
    expect(answer).toEqual({ ...failure("explode", 1, 500, "A server error occurred. Error id: id-1"), error_id: "id-1" });
    expect(connection.log).toHaveLength(1);
    const error = {
      name: "TypeError",
      message: expect.stringContaining("SELECT password"),
      stack: expect.stringContaining("requests.test"),
    };
    expect(connection.log[0]?.details).toMatchObject({ errorId: "id-1", action: "explode", error });
  });

  it.each(["set", "ring"])("3.5 what JSON cannot hold (%s) is answered 500, and the connection lives", async (name) => {
    const connection = await connected(EchoConsumer);
    expect(await connection.ask({ action: name, request_id: 1 })).toMatchObject({
      response_status: 500,
      data: null,
      request_id: 1,
    });
    expect(await connection.ask({ action: "plain", request_id: 2 })).toEqual(success("plain", 2, { a: 1 }));
  });
});
