import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Opcode } from "../../../src/testing/fault-proxy/frame-head.ts";
import { FrameScanner, type FramePiece } from "../../../src/testing/fault-proxy/frame-scanner.ts";

interface FrameParts {
  readonly opcode: number;
  readonly isFinal?: boolean;
  readonly payload?: Buffer | string;
  readonly mask?: Uint8Array | null;
}

function frame({ opcode, isFinal = true, payload = "", mask = null }: FrameParts): Buffer {
  const body = Buffer.from(payload);
  const maskBit = mask === null ? 0 : 0x80;
  const first = (isFinal ? 0x80 : 0) | opcode;
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(body.length));
  const head =
    body.length < 126
      ? [first, maskBit | body.length]
      : body.length < 65_536
        ? [first, maskBit | 126, ...long.subarray(6)]
        : [first, maskBit | 127, ...long];
  const masked = mask === null ? body : body.map((byte, index) => byte ^ mask[index % 4]!);
  return Buffer.concat([Buffer.from(head), mask ?? Buffer.alloc(0), masked]);
}

function scan(chunks: readonly Buffer[], maxTextBytes = 1_000_000) {
  const scanner = new FrameScanner(maxTextBytes);
  const pieces = chunks.flatMap((chunk) => scanner.push(chunk));
  return { pieces, rest: scanner.rest(), bytes: Buffer.concat([...pieces.map(({ bytes }) => bytes), scanner.rest()]) };
}

function textsOf(pieces: readonly FramePiece[]): (string | null)[] {
  return pieces.filter(({ isLast }) => isLast).map(({ text }) => text);
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const mask = fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }));
const control = fc
  .record({ opcode: fc.constantFrom(Opcode.ping, Opcode.pong), payload: fc.string({ maxLength: 30 }), mask })
  .map((parts) => ({ ...parts, isFinal: true }));
const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(125), "x".repeat(126), "x".repeat(65_535), "é".repeat(40_000)) },
);

/** A message as frames: where it is fragmented, and which control frames come in between. */
const message = fc
  .record({
    text,
    isText: fc.boolean(),
    cuts: fc.array(fc.nat(), { maxLength: 3 }),
    mask,
    controls: fc.array(control, { maxLength: 3 }),
  })
  .map(({ text, isText, cuts, mask, controls }) => {
    const fragments = split(Buffer.from(text), cuts).map((payload, index, all) => ({
      opcode: index > 0 ? Opcode.continuation : isText ? Opcode.text : Opcode.binary,
      isFinal: index === all.length - 1,
      payload,
      mask,
    }));
    const frames = fragments.flatMap((fragment, index) => {
      const before = index === 0 ? undefined : controls[index - 1];
      return before === undefined ? [fragment] : [before, fragment];
    });
    return { text: isText ? text : null, bytes: Buffer.concat(frames.map(frame)) };
  });

describe("the frame scanner", () => {
  test("finds every message, however it is fragmented, masked and cut into chunks, and changes no byte", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 20 }), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map((sent) => sent.bytes));
        const found = scan(split(bytes, cuts));
        expect(textsOf(found.pieces)).toEqual(messages.map((sent) => sent.text));
        expect(found.pieces.filter(({ isFirst }) => isFirst)).toHaveLength(messages.length);
        expect(found.rest).toHaveLength(0);
        expect(found.bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("changes no byte of what is no WebSocket either", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 5 }), (noise, cuts) => {
        const bytes = Buffer.from(noise);
        expect(scan(split(bytes, cuts)).bytes.equals(bytes)).toBe(true);
      }),
    );
  });

  test("finds a message when its bytes come one by one", () => {
    const bytes = frame({ opcode: Opcode.text, payload: "x".repeat(300), mask: Buffer.from([1, 2, 3, 4]) });
    const { pieces } = scan([...bytes].map((byte) => Buffer.from([byte])));
    expect(textsOf(pieces)).toEqual(["x".repeat(300)]);
    expect(pieces.map(({ isFirst }) => isFirst).filter(Boolean)).toHaveLength(1);
  });

  test("tells a control frame in the middle of a message from the message", () => {
    const { pieces } = scan([
      frame({ opcode: Opcode.text, isFinal: false, payload: "a" }),
      frame({ opcode: Opcode.ping, payload: "!" }),
      frame({ opcode: Opcode.continuation, payload: "b" }),
    ]);
    expect(pieces.map(({ kind }) => kind)).toEqual(["message", "control", "message"]);
    expect(textsOf(pieces)).toEqual(["ab"]);
  });

  test("keeps no text beyond its limit, and finds the message after it", () => {
    const long = frame({ opcode: Opcode.text, payload: "x".repeat(11) });
    const { pieces } = scan([long, frame({ opcode: Opcode.text, payload: "y".repeat(10) })], 10);
    expect(textsOf(pieces)).toEqual([null, "y".repeat(10)]);
  });

  test.each([
    ["a reserved bit", Buffer.from([0xc1, 0])],
    ["an unknown opcode", Buffer.from([0x83, 0])],
    ["a long control frame", frame({ opcode: Opcode.ping, payload: "x".repeat(126) })],
    ["a control frame in parts", frame({ opcode: Opcode.ping, isFinal: false })],
    ["a continuation of nothing", frame({ opcode: Opcode.continuation })],
    ["a length beyond all numbers", Buffer.from([0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0])],
  ])("looks at nothing any more after %s", (_what, bytes) => {
    const { pieces } = scan([bytes, frame({ opcode: Opcode.text, payload: "a" })]);
    expect(pieces.map(({ kind }) => kind)).toEqual(["other", "other"]);
  });

  test("looks at nothing any more when a message begins within another", () => {
    const { pieces } = scan([
      frame({ opcode: Opcode.text, isFinal: false, payload: "a" }),
      frame({ opcode: Opcode.text, payload: "b" }),
    ]);
    expect(pieces.map(({ kind }) => kind)).toEqual(["message", "other"]);
  });
});
