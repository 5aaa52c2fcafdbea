import { parseCookie } from "cookie";

/** What a `Cookie` header holds, percent-decoded. */
export function parseCookies(header: string | null): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parseCookie(header ?? ""))) {
    if (value !== undefined) cookies[name] = value;
  }
  return cookies;
}
