import fc from "fast-check";
import { expect, test } from "vitest";
import type { Direction } from "../../../src/testing/fault-proxy/direction.ts";
import { WebsocketStream } from "../../../src/testing/fault-proxy/websocket-stream.ts";
import { clientFrame, handshakeBytes, TEXT } from "../../transports/raw-peer.ts";

const frames = Buffer.concat([clientFrame(TEXT, "a"), clientFrame(TEXT, "b".repeat(200))]).toString("latin1");
const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

function pass(direction: Direction, bytes: string, cuts: readonly number[] = []) {
  const stream = new WebsocketStream(direction, 1000);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const chunks = places.slice(1).map((end, index) => Buffer.from(bytes.slice(places[index], end), "latin1"));
  const pieces = chunks.filter(({ length }) => length > 0).flatMap((chunk) => stream.push(chunk));
  const passed = pieces.map((piece) => piece.bytes.toString("latin1")).join("");
  return { passed, rest: stream.rest().toString("latin1"), texts: pieces.flatMap(({ text }) => text ?? []) };
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });

test("frames behind a handshake are found, and every byte passes, however they are cut into chunks", () => {
  fc.assert(
    fc.property(cuts, (places) => {
      const expected = { rest: "", texts: ["a", "b".repeat(200)] };
      for (const [direction, head] of [
        ["toClient", upgrade],
        ["toServer", handshakeBytes(1)],
      ] as const) {
        expect(pass(direction, head + frames, places)).toEqual({ ...expected, passed: head + frames });
      }
    }),
  );
});

test("a client's extensions are taken out, on several lines too, however they are cut into chunks", () => {
  const asking = handshakeBytes(1, { "sec-websocket-EXTENSIONS": "permessage-deflate;\r\n\tx=1", Cookie: "é" });
  fc.assert(
    fc.property(cuts, (places) => {
      expect(pass("toServer", asking, places).passed).toBe(handshakeBytes(1, { Cookie: "é" }));
    }),
  );
});

test.each([
  ["a plain request", "toServer", "GET / HTTP/1.1\r\nSec-WebSocket-Extensions: x\r\n\r\n"],
  ["a refusal", "toClient", "HTTP/1.1 404 Not Found\r\n\r\n"],
  ["no HTTP", "toServer", "x".repeat(70_000)],
  ["no HTTP", "toClient", "x".repeat(70_000)],
] as const)("behind %s %s nothing is taken for frames", (_what, direction, head) => {
  expect(pass(direction, head + frames, [head.length])).toEqual({ passed: head + frames, rest: "", texts: [] });
});

test("a server's bytes pass at once, a client's head when it is complete", () => {
  expect(pass("toClient", "220 ready\r\n")).toMatchObject({ passed: "220 ready\r\n", rest: "" });
  expect(pass("toServer", "GET / HTTP/1.1\r\n")).toMatchObject({ passed: "", rest: "GET / HTTP/1.1\r\n" });
});
