const TEXT = 0x81;
const BINARY = 0x82;

/** A finished, unmasked RFC 6455 frame: a string holds one byte per character (latin1). */
export type FrameBytes = string | Buffer;

/**
 * A text frame. ASCII, which nearly every JSON text is, stays a string: the socket then writes it without an allocation of ours, and frames
 * are joined by joining strings.
 */
export function textFrame(text: string): FrameBytes {
  const length = Buffer.byteLength(text);
  if (length === text.length) return header(TEXT, length) + text;
  const head = header(TEXT, length);
  const frame = Buffer.allocUnsafe(head.length + length);
  frame.write(head, 0, "latin1");
  frame.write(text, head.length, "utf8");
  return frame;
}

export function binaryFrame(bytes: Uint8Array): Buffer {
  const head = header(BINARY, bytes.byteLength);
  const frame = Buffer.allocUnsafe(head.length + bytes.byteLength);
  frame.write(head, 0, "latin1");
  frame.set(bytes, head.length);
  return frame;
}

/** RFC 6455 section 5.2: FIN and opcode, then the length in 7, 7 + 16 or 7 + 64 bits. */
function header(first: number, length: number): string {
  if (length < 126) return String.fromCharCode(first, length);
  if (length < 65_536) return String.fromCharCode(first, 126, length >> 8, length & 0xff);
  const high = Math.floor(length / 0x1_0000_0000);
  return String.fromCharCode(first, 127, 0, 0, (high >>> 8) & 0xff, high & 0xff, ...bytesOf(length));
}

function bytesOf(length: number): [number, number, number, number] {
  return [(length >>> 24) & 0xff, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
}
