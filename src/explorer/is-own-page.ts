/**
 * Does the request come from a page of this server, or from no page at all? Browsers say where a socket comes from and no page can forge it. Asked of
 * the inspector's socket whatever `allowedOrigins` says: those pages may call the application, not look into the server.
 */
export function isOwnPage(headers: Headers, trustProxy: boolean): boolean {
  const origin = headers.get("origin");
  if (origin === null) return true;
  const page = URL.canParse(origin) ? new URL(origin) : null;
  const host = hostOf(headers, trustProxy);
  if (page === null || page.host === "" || host === "") return false;
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === page.host;
}

/** The host under which the client reached the server, with its port; empty where nobody knows. */
export function hostOf(headers: Headers, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers.get("x-forwarded-host")?.split(",")[0]?.trim() : undefined;
  return forwarded ?? headers.get("host") ?? "";
}
