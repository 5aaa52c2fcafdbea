import { createHmac, timingSafeEqual } from "node:crypto";

/** What a session cookie holds. Signed, not secret: its holder can read it, and nobody can change it. */
export interface SessionClaims {
  readonly userId: number;
  /** Seconds since the epoch. */
  readonly expires: number;
}

/** `payload.signature`, both base64url; the signature is HMAC-SHA-256 over the payload's text. */
export function signSession(claims: SessionClaims, secret: string): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${payload}.${signatureOf(payload, secret).toString("base64url")}`;
}

/** The claims of a cookie that was signed with this secret and has not expired; otherwise null. */
export function readSession(cookie: string, secret: string, now = Date.now()): SessionClaims | null {
  const [payload = "", signature = ""] = cookie.split(".");
  const given = Buffer.from(signature, "base64url");
  const expected = signatureOf(payload, secret);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  // Only signSession could make this signature, so the payload is what it wrote.
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as SessionClaims;
  return claims.expires * 1000 > now ? claims : null;
}

function signatureOf(payload: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(payload).digest();
}
