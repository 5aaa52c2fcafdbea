/** The names in a `Sec-WebSocket-Protocol` header, in the client's order. */
export function parseSubprotocols(header: string | null | undefined): readonly string[] {
  if (header === null || header === undefined) return [];
  return header
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** The first that the client offers and the server speaks; null when there is none, and the connection then goes without. */
export function agreeOnSubprotocol(offered: readonly string[], spoken: readonly string[]): string | null {
  return offered.find((name) => spoken.includes(name)) ?? null;
}
