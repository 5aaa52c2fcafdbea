import type { Person } from "./client.ts";

/** Who is logged in, or null. */
export async function currentPerson(): Promise<Person | null> {
  const response = await fetch("/session");
  return (await response.json()) as Person | null;
}

/** @throws TypeError with a message for the user. */
export async function logIn(username: string, password: string): Promise<Person> {
  const headers = { "content-type": "application/json" };
  const response = await fetch("/session", { method: "POST", headers, body: JSON.stringify({ username, password }) }).catch(
    () => null,
  );
  if (response === null) throw new TypeError("The server cannot be reached.");
  if (response.ok) return (await response.json()) as Person;
  throw new TypeError(response.status === 401 ? "Wrong name or password." : "Logging in failed. Try again.");
}

export async function logOut(): Promise<void> {
  await fetch("/session", { method: "DELETE" });
}
