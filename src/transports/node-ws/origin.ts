/** Origins whose pages may connect besides the server's own; `"*"` lets every page connect. A string is compared whole: `https://example.com`. */
export type AllowedOrigins = readonly (string | RegExp)[] | "*";

/** How a client reached the server. */
export interface OwnOrigin {
  /** As in the Host header. */
  readonly host: string | undefined;
  /** Null when nobody knows, as behind a proxy that does not say. */
  readonly scheme: "http" | "https" | null;
}

/**
 * May a page of this origin open a socket here? Browsers always send `Origin` and a page cannot forge it, so without the header the client is
 * no browser and nothing is at stake. Otherwise it must be the server's own origin (its scheme counts where it is known), or be allowed.
 *
 * Source: RFC 6455 section 10.2; the attack is known as cross-site WebSocket hijacking.
 */
export function isAllowedOrigin(origin: string | undefined, own: OwnOrigin, allowed: AllowedOrigins): boolean {
  if (origin === undefined || allowed === "*") return true;
  if (isSameOrigin(origin, own)) return true;
  return allowed.some((entry) =>
    typeof entry === "string" ? entry.toLowerCase() === origin.toLowerCase() : origin.search(entry) !== -1,
  );
}

function isSameOrigin(origin: string, { host, scheme }: OwnOrigin): boolean {
  const page = parseUrl(origin);
  if (host === undefined || page === null || page.host === "") return false;
  if (scheme !== null && page.protocol !== `${scheme}:`) return false;
  // Parsed with the page's scheme, so that "example.com" and "example.com:443" are one host.
  return parseUrl(`${page.protocol}//${host}`)?.host === page.host;
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
