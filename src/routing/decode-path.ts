/** Stands for a slash that came percent-encoded: it is part of a value and separates nothing. A noncharacter of Unicode. */
const ENCODED_SLASH = "\uFFFE";

/** Percent-decodes a path for matching. An encoded slash does not become a separator. Null when the encoding is malformed. */
export function decodePath(path: string): string | null {
  if (!path.includes("%")) return path;
  try {
    return path
      .split(/%2F/i)
      .map((part) => decodeURIComponent(part))
      .join(ENCODED_SLASH);
  } catch {
    return null;
  }
}

/** The value of what a pattern captured from a path that {@link decodePath} decoded. */
export function decodeCaptured(captured: string): string {
  return captured.replaceAll(ENCODED_SLASH, "/");
}
