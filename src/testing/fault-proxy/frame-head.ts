/** What stands before the payload of a WebSocket frame (RFC 6455, section 5.2). */
export interface FrameHead {
  readonly isFinal: boolean;
  readonly opcode: number;
  /** Four bytes, or null for what a server sends. */
  readonly mask: Uint8Array | null;
  /** Of the head itself, in bytes. */
  readonly length: number;
  readonly payloadLength: number;
}

export const Opcode = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(Opcode));
const MASK_LENGTH = 4;
const MAX_CONTROL_PAYLOAD = 125;

/** Reads the head that `bytes` begin with: null when there are too few of them, "invalid" when no extension-free frame begins so. */
export function readFrameHead(bytes: Buffer): FrameHead | "invalid" | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  const opcode = first & 0x0f;
  const isFinal = (first & 0x80) !== 0;
  const hasReservedBits = (first & 0x70) !== 0;
  if (hasReservedBits || !KNOWN.has(opcode)) return "invalid";
  const short = second & 0x7f;
  if (isControl(opcode) && (!isFinal || short > MAX_CONTROL_PAYLOAD)) return "invalid";
  const maskAt = 2 + lengthBytes(short);
  const length = maskAt + ((second & 0x80) === 0 ? 0 : MASK_LENGTH);
  if (bytes.length < length) return null;
  const payloadLength = readLength(bytes, short);
  if (!Number.isSafeInteger(payloadLength)) return "invalid";
  return { isFinal, opcode, mask: length === maskAt ? null : bytes.subarray(maskAt, length), length, payloadLength };
}

export function isControl(opcode: number): boolean {
  return opcode >= Opcode.close;
}

function lengthBytes(short: number): number {
  if (short === 126) return 2;
  return short === 127 ? 8 : 0;
}

function readLength(bytes: Buffer, short: number): number {
  if (short === 126) return bytes.readUInt16BE(2);
  return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
}
