import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { action, AsyncAPIConsumer, Multiplexer, path, type RestwaveServer, serve } from "../../src/index.ts";
import { connectWebsocket, type WebsocketClient } from "../../src/testing.ts";
import { MemoryLogger } from "../transports/sessions.ts";

class Plain extends AsyncAPIConsumer {
  hello = action(() => "hello");
  helper(): string {
    return "not for clients";
  }
}

const NOT_JSON = ["JSON parse error: expected one JSON value in a text frame."];
const NO_ACTION = ["Unable to find action in message body."];
const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const notAllowed = (name: string): string[] => [`Method "${name}" not allowed.`];
const notAnObject = (found: string): string[] => [`A frame must be a JSON object, but got ${found}.`];

/** What is wrong with it; the frame; the status; the errors. */
const ABUSES: readonly (readonly [string, string | Uint8Array, number, unknown])[] = [
  ["an empty frame", "", 400, NOT_JSON],
  ["a blank frame", " \t\r\n", 400, NOT_JSON],
  ["no JSON", "{not json", 400, NOT_JSON],
  ["JSON with trailing text", '{"action":"hello"} x', 400, NOT_JSON],
  ["two values", '{"action":"hello"}{"action":"hello"}', 400, NOT_JSON],
  ["a byte order mark", '\uFEFF{"action":"hello"}', 400, NOT_JSON],
  ["NaN", '{"action":"hello","x":NaN}', 400, NOT_JSON],
  ["a script", "<script>alert(1)</script>", 400, NOT_JSON],
  ["null", "null", 400, notAnObject("null")],
  ["a number", "1", 400, notAnObject("a number")],
  ["a string", '"list"', 400, notAnObject("a string")],
  ["a list", '["list"]', 400, notAnObject("a list")],
  ["a binary frame", Buffer.from('{"action":"hello"}'), 400, [expect.stringContaining("binary")]],
  ["an empty binary frame", Buffer.alloc(0), 400, [expect.stringContaining("binary")]],
  ["nesting 10,000 deep", `{"action":"hello","x":${deep(10_000)}}`, 400, [expect.stringContaining("1000 levels")]],
  ["nesting 400,000 deep", deep(400_000), 400, [expect.stringContaining("1000 levels")]],
  ["no action", '{"request_id":7}', 405, NO_ACTION],
  ["an empty object", "{}", 405, NO_ACTION],
  ["null as action", '{"action":null}', 405, notAllowed("None")],
  ["true as action", '{"action":true}', 405, notAllowed("True")],
  ["a number as action", '{"action":5}', 405, notAllowed("5")],
  ["an object as action", '{"action":{"toString":1}}', 405, [expect.stringContaining("an object")]],
  ["a list as action", '{"action":["hello"]}', 405, [expect.stringContaining("a list")]],
  ["an unknown action", '{"action":"fly"}', 405, notAllowed("fly")],
  ["an action in other case", '{"action":"Hello"}', 405, notAllowed("Hello")],
  ["an empty action", '{"action":""}', 405, notAllowed("")],
  ["an action with a null character", '{"action":"hello\\u0000"}', 405, notAllowed("hello\0")],
  ["an action of 100,000 characters", `{"action":"${"a".repeat(100_000)}"}`, 405, notAllowed(`${"a".repeat(128)}…`)],
  ["an object as request_id", '{"action":"hello","request_id":{}}', 400, [expect.stringContaining("request_id")]],
  ["a list as request_id", '{"action":"hello","request_id":[1]}', 400, [expect.stringContaining("request_id")]],
  [
    "a request_id of 129 bytes",
    `{"action":"hello","request_id":"${"a".repeat(129)}"}`,
    400,
    [expect.stringContaining("128 bytes")],
  ],
  [
    "a request_id of 129 digits",
    `{"action":"hello","request_id":${"1".repeat(129)}}`,
    400,
    [expect.stringContaining("128 bytes")],
  ],
  ["a request_id beyond all numbers", '{"action":"hello","request_id":1e400}', 400, [expect.stringContaining("out of range")]],
  ["a number of 5,000 digits", `{"action":"hello","x":${"1".repeat(5000)}}`, 400, [expect.stringContaining("4300 digits")]],
  ...[
    "constructor",
    "__proto__",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "helper",
    "connect",
    "disconnect",
    "reply",
    "close",
    "send_json",
    "sendJson",
    "websocketConnect",
    "websocketDisconnect",
    "websocket_receive",
    "handleException",
    "checkPermissions",
    "getPermissions",
    "scope",
    "connection",
    "running",
    "channelName",
  ].map((name) => [`the hook or member ${name} as action`, JSON.stringify({ action: name }), 405, notAllowed(name)] as const),
];

let server: RestwaveServer;
let hostile: WebsocketClient;
let other: WebsocketClient;
let multiplexed: WebsocketClient;
const logger = new MemoryLogger();

beforeAll(async () => {
  const routes = [path("ws/", Plain), path("ws/all/", Multiplexer({ plain: Plain }))];
  server = await serve({ routes, port: 0, host: "127.0.0.1", signals: false, drainTimeout: 200, logger });
  hostile = await connectWebsocket(`${server.url}/ws/`);
  other = await connectWebsocket(`${server.url}/ws/`);
  multiplexed = await connectWebsocket(`${server.url}/ws/all/`);
});

afterAll(() => server.close());

async function expectHello(client: WebsocketClient): Promise<void> {
  client.sendJson({ action: "hello", request_id: "alive" });
  expect(await client.receiveJson()).toEqual({
    errors: [],
    data: "hello",
    action: "hello",
    response_status: 200,
    request_id: "alive",
  });
}

describe("section 4: a malformed frame", () => {
  test.each(ABUSES)(
    "%s is answered by its own error, the socket lives and no other notices",
    async (_name, frame, status, errors) => {
      if (typeof frame === "string") hostile.sendText(frame);
      else hostile.sendBytes(frame);
      expect(await hostile.receiveJson()).toMatchObject({ response_status: status, errors, data: null });
      await expectHello(hostile);
      await expectHello(other);
    },
  );

  test.each(ABUSES.filter(([, frame]) => typeof frame === "string"))(
    "%s as payload of a stream is answered, and the socket lives",
    async (_name, frame) => {
      for (const text of [`{"stream":"plain","payload":${String(frame)}}`, String(frame)]) {
        multiplexed.sendText(text);
        const answer = (await multiplexed.receiveJson()) as { payload: { response_status: number } };
        expect([400, 404, 405]).toContain(answer.payload.response_status);
      }
      multiplexed.sendJson({ stream: "plain", payload: { action: "hello" } });
      expect(await multiplexed.receiveJson()).toMatchObject({ stream: "plain", payload: { data: "hello" } });
    },
  );

  test.each(["__proto__", "constructor", "toString", "", "plain ", "x".repeat(1000)])(
    "the stream name %j is answered 404",
    async (stream) => {
      multiplexed.sendJson({ stream, payload: { action: "hello", request_id: 1 } });
      expect(await multiplexed.receiveJson()).toMatchObject({ payload: { response_status: 404, request_id: 1 } });
    },
  );

  test.each([null, 1, true, [], {}, ["plain"]])("%j as stream is answered 400", async (stream) => {
    multiplexed.sendJson({ stream, payload: { action: "hello" } });
    expect(await multiplexed.receiveJson()).toMatchObject({ stream: null, payload: { response_status: 400 } });
  });

  test("lone surrogates are echoed as text that JSON can hold", async () => {
    hostile.sendText(String.raw`{"action":"\ud800","request_id":"\udfff"}`);
    const text = await hostile.receiveText();
    expect(text).not.toMatch(/\p{Surrogate}/u);
    expect(JSON.parse(text)).toMatchObject({ response_status: 405, action: "\ud800", request_id: "\udfff" });
  });

  test("none of it pollutes a prototype or is worth a line in the log", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(logger.entries).toEqual([]);
  });
});
