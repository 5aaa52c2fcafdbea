/** Origins whose pages may connect besides the server's own; `"*"` lets every page connect. A string is compared whole: `https://example.com`. */
export type AllowedOrigins = readonly (string | RegExp)[] | "*";

/**
 * May a page of this origin open a socket here? Browsers always send `Origin` and a page cannot forge it, so without the header the client is
 * no browser and nothing is at stake. Otherwise the origin's host must be the server's own (`host`, from the Host header), or be allowed.
 *
 * Source: RFC 6455 section 10.2; the attack is known as cross-site WebSocket hijacking.
 */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, allowed: AllowedOrigins): boolean {
  if (origin === undefined || allowed === "*") return true;
  if (isSameHost(origin, host)) return true;
  return allowed.some((entry) =>
    typeof entry === "string" ? entry.toLowerCase() === origin.toLowerCase() : origin.search(entry) !== -1,
  );
}

function isSameHost(origin: string, host: string | undefined): boolean {
  if (host === undefined) return false;
  const page = parseUrl(origin);
  if (page === null || page.host === "") return false;
  // Parsed with the page's scheme, so that "example.com" and "example.com:443" are one host.
  return parseUrl(`${page.protocol}//${host}`)?.host === page.host;
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
