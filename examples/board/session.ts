import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, setSignedCookie } from "hono/cookie";
import { parseSigned } from "hono/utils/cookie";
import { hashPassword, verifyPassword } from "../quickstart/password.ts";
import { Person } from "./models.ts";

type PersonRow = (typeof Person)["types"]["row"];

const COOKIE = "board_session";
const LIFETIME_SECONDS = 8 * 60 * 60;

/** Checked when there is no such person, so that a wrong name takes as long as a wrong password. */
const nobodysPassword = await hashPassword(randomUUID());

/** The person with this name and password, or null. */
export async function findPerson(username: string, password: string): Promise<PersonRow | null> {
  const person = await Person.objects.filter({ username }).first();
  const isRight = await verifyPassword(password, person?.password ?? nobodysPassword);
  return isRight ? person : null;
}

/** Sets the session cookie: who it is and until when, signed. */
export async function beginSession(context: Context, person: PersonRow, secret: string): Promise<void> {
  const expires = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  await setSignedCookie(context, COOKIE, `${person.id}.${expires}`, secret, {
    path: "/",
    maxAge: LIFETIME_SECONDS,
    httpOnly: true,
    secure: context.req.url.startsWith("https:"),
    sameSite: "Lax",
  });
}

export function endSession(context: Context): void {
  deleteCookie(context, COOKIE, { path: "/" });
}

/** Who a request's `Cookie` header says it is; null without a session, or after its end. Read anew each time: a person may be gone. */
export async function personOf(cookies: string, secret: string): Promise<PersonRow | null> {
  const { [COOKIE]: value } = await parseSigned(cookies, secret, COOKIE);
  if (typeof value !== "string") return null;
  const [id = "", expires = ""] = value.split(".");
  if (Number(expires) * 1000 <= Date.now()) return null;
  return Person.objects.filter({ id: Number(id) }).first();
}
