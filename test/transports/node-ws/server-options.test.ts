import { expect, test } from "vitest";
import { ImproperlyConfigured } from "../../../src/protocol/exceptions.ts";
import { resolveOptions } from "../../../src/transports/node-ws/server-options.ts";

test("every limit has its documented default", () => {
  expect(resolveOptions({ routes: [] }).limits).toEqual({
    maxFrameBytes: 1_048_576,
    softBufferedBytes: 1_048_576,
    maxBufferedBytes: 16_777_216,
    heartbeatInterval: 30_000,
    heartbeatTimeout: 10_000,
    closeTimeout: 5_000,
    handshakeTimeout: 10_000,
    maxConnections: 65_536,
    drainTimeout: 9_000,
  });
});

test("by default nobody is known, only the own origin may connect, no proxy is trusted, and nothing is compressed", () => {
  const options = resolveOptions({ routes: [] });
  expect(options).toMatchObject({
    allowedOrigins: [],
    trustProxy: false,
    perMessageDeflate: false,
    subprotocols: ["restwave.v1"],
  });
});

test.each([Number.NaN, -1])("a limit of %s is refused", (maxFrameBytes) => {
  expect(() => resolveOptions({ routes: [], maxFrameBytes })).toThrow(ImproperlyConfigured);
  expect(() => resolveOptions({ routes: [], maxFrameBytes })).toThrow(
    `Option maxFrameBytes: expected a number of at least 0, got ${maxFrameBytes}.`,
  );
});

test("a time without end is the longest that a timer can wait", () => {
  expect(resolveOptions({ routes: [], handshakeTimeout: Infinity }).limits.handshakeTimeout).toBe(2 ** 31 - 1);
});

test("a client never gets longer for its pong than until the next ping", () => {
  expect(resolveOptions({ routes: [], heartbeatInterval: 1000 }).limits.heartbeatTimeout).toBe(1000);
});

test("settings of the consumers are taken from the same options, and nothing else is", () => {
  const { settings } = resolveOptions({ routes: [], maxInFlight: 3, maxConnections: 1 });
  expect(settings).toMatchObject({ maxInFlight: 3, ordered: false });
  expect(settings).not.toHaveProperty("routes");
  expect(settings).not.toHaveProperty("maxConnections");
});
