const HEX = /^[0-9a-f]{32}$/;
const MAX_UUID = (1n << 128n) - 1n;

/** Lower-case dashed form of a UUID written dashed, undashed, braced or as `urn:uuid:`, as Python's `UUID()` reads it; else undefined. */
export function parseUuid(text: string): string | undefined {
  const hex = text
    .replace("urn:", "")
    .replace("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "")
    .toLowerCase();
  return HEX.test(hex) ? dashed(hex) : undefined;
}

/** The UUID whose 128 bits are this integer, or undefined. */
export function uuidFromInteger(value: number | bigint): string | undefined {
  if (typeof value === "number" && !Number.isInteger(value)) return undefined;
  const bits = BigInt(value);
  return bits < 0n || bits > MAX_UUID ? undefined : dashed(bits.toString(16).padStart(32, "0"));
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
