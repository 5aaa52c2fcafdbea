/** A client of the types that `restwave types` has declared (`board-api.ts`) is one of the server's own routes. Checked by the compiler alone. */
import type { createClient } from "../../src/client.ts";
import type { Client } from "../../src/client/client.ts";
import type { routes } from "../../examples/board/routing.ts";
import type { Api } from "./board-api.ts";

type Real = Client<typeof routes>;
type Declared = Client<Api>;

/** Does not compile unless each of the two can stand for the other. */
type Same<A extends B, B extends C, C = A> = [A, B, C];
type Sent<Call extends (...args: never[]) => unknown, Index extends number> = Parameters<Call>[Index];
type Got<Call extends (...args: never[]) => unknown> = Awaited<ReturnType<Call>>;

export type Answers = [
  Same<Got<Declared["tasks"]["list"]>, Got<Real["tasks"]["list"]>>,
  Same<Got<Declared["tasks"]["retrieve"]>, Got<Real["tasks"]["retrieve"]>>,
  Same<Got<Declared["tasks"]["create"]>, Got<Real["tasks"]["create"]>>,
  Same<Got<Declared["members"]["delete"]>, Got<Real["members"]["delete"]>>,
  Same<Got<Declared["people"]["list"]>, Got<Real["people"]["list"]>>,
  Same<ReturnType<Declared["tasks"]["live"]>, ReturnType<Real["tasks"]["live"]>>,
];

export type Arguments = [
  Same<Sent<Declared["tasks"]["create"], 0>, Sent<Real["tasks"]["create"], 0>>,
  Same<Sent<Declared["tasks"]["patch"], 1>, Sent<Real["tasks"]["patch"], 1>>,
  Same<Sent<Declared["projects"]["create"], 0>, Sent<Real["projects"]["create"], 0>>,
  Same<NonNullable<Sent<Declared["tasks"]["list"], 0>>["filters"], NonNullable<Sent<Real["tasks"]["list"], 0>>["filters"]>,
  Same<NonNullable<Sent<Declared["tasks"]["list"], 0>>["ordering"], NonNullable<Sent<Real["tasks"]["list"], 0>>["ordering"]>,
];

declare const client: ReturnType<typeof createClient<Api>>;

export async function use(): Promise<string> {
  const live = client.tasks.live({ filters: { status__in: ["todo"] }, ordering: "-position" });
  // @ts-expect-error -- no filter of that name
  client.tasks.live({ filters: { title: "x" } });
  // @ts-expect-error -- a required field is missing
  await client.tasks.create({ title: "Paint" });
  // @ts-expect-error -- no such action
  await client.people.create({ name: "Ada" });
  const { title } = await client.tasks.create({ title: "Paint", project: 1, position: "a0" });
  return title + String(live);
}
