/** One way through a proxy: from the server to the client, or from the client to the server. */
export type Direction = "toClient" | "toServer";

/** One way through a proxy, or both. */
export type Directions = Direction | "both";

export function eachDirection(directions: Directions): readonly Direction[] {
  return directions === "both" ? ["toClient", "toServer"] : [directions];
}
