import { type Client, createClient } from "restwave/client";
import type { routes } from "../routing.ts";

export type BoardClient = Client<typeof routes>;

declare module "restwave/react" {
  interface Register {
    client: BoardClient;
  }
}

/** The rows as the server shows them. */
export type Person = Awaited<ReturnType<BoardClient["people"]["list"]>>[number];
export type Project = Awaited<ReturnType<BoardClient["projects"]["list"]>>[number];
export type Member = Awaited<ReturnType<BoardClient["members"]["list"]>>[number];
export type Task = Awaited<ReturnType<BoardClient["tasks"]["list"]>>[number];
export type Status = Task["status"];

/** A client of the server that the page came from. The session cookie goes along by itself. */
export function connect(): BoardClient {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return createClient<typeof routes>(`${scheme}://${location.host}/ws/`);
}
