import type { IncomingMessage, ServerResponse } from "node:http";
import { hashPassword, verifyPassword } from "../quickstart/password.ts";
import { Account } from "./models.ts";
import { signSession } from "./signed-cookie.ts";

export const COOKIE = "session";
const LIFETIME_SECONDS = 8 * 60 * 60;
const LARGEST_BODY = 10_000;

/** Checked when there is no such account, so that a wrong name takes as long as a wrong password. */
const nobodysPassword = await hashPassword("nobody's password");

/** `POST /login` with `{"username", "password"}` sets the session cookie. */
export async function logIn(request: IncomingMessage, response: ServerResponse, secret: string): Promise<void> {
  // A form of another site cannot send this type, so nobody is logged in without wanting it.
  if (request.headers["content-type"] !== "application/json") return answer(response, 415, { detail: "Send application/json." });
  const { username, password } = await readCredentials(request);
  const account = await Account.objects.filter({ username }).first();
  const isRight = await verifyPassword(password, account?.password ?? nobodysPassword);
  if (account === null || !isRight) return answer(response, 401, { detail: "Wrong username or password." });
  const expires = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  const cookie = signSession({ userId: account.id, expires }, secret);
  // Lax keeps the cookie away from other sites' requests, Secure from plain HTTP; browsers make an exception for localhost.
  response.setHeader("set-cookie", `${COOKIE}=${cookie}; Path=/; Max-Age=${LIFETIME_SECONDS}; HttpOnly; Secure; SameSite=Lax`);
  answer(response, 200, { username: account.username });
}

/** Empty texts, which fit no account, for anything that is no login. */
async function readCredentials(request: IncomingMessage): Promise<{ username: string; password: string }> {
  const body = parseBody(await readText(request));
  if (typeof body !== "object" || body === null || !("username" in body) || !("password" in body))
    return { username: "", password: "" };
  return { username: String(body.username), password: String(body.password) };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
