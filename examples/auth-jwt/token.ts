import { errors, jwtVerify, SignJWT } from "jose";
import { AuthenticationFailed } from "restwave";

const ISSUER = "restwave-example";
const AUDIENCE = "restwave-example/ws";

/** What a token says. */
export interface TokenClaims {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A token for a user. In real life the one who logs people in makes it, often with a private key of which this server knows the public half. */
export function issueToken(userId: string, secret: Uint8Array, lifetimeSeconds = 900): Promise<string> {
  const expires = Math.floor(Date.now() / 1000) + lifetimeSeconds;
  const token = new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject(userId).setIssuer(ISSUER).setAudience(AUDIENCE);
  return token.setIssuedAt().setExpirationTime(expires).sign(secret);
}

/** @throws AuthenticationFailed (401) for a token that is forged, expired, or meant for somebody else. */
export async function readToken(token: string, secret: Uint8Array): Promise<TokenClaims> {
  const options = { algorithms: ["HS256"], issuer: ISSUER, audience: AUDIENCE, requiredClaims: ["sub", "exp"] };
  try {
    const { payload } = await jwtVerify(token, secret, options);
    return { userId: payload.sub ?? "", expiresAt: (payload.exp ?? 0) * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new AuthenticationFailed("The token is not valid or has expired.");
    throw error;
  }
}
