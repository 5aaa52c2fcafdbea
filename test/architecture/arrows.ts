import { allImports, type Import, type Sources } from "./sources.ts";

/** Lowest first. A room imports rooms of the levels below its own. */
const LEVELS: readonly (readonly string[])[] = [
  ["protocol"],
  ["models", "layers", "permissions"],
  ["serializers", "pagination", "filters", "throttling"],
  ["consumers"],
  ["mixins"],
  ["observers"],
  ["routing"],
  ["contracts"],
  ["checks"],
  ["explorer"],
  ["transports"],
];

/** Rooms beside the levels, with what they may import. */
const SIDE_ROOMS: ReadonlyMap<string, readonly string[]> = new Map([
  ["client", ["protocol"]],
  ["react", ["client", "protocol"]],
  ["tanstack-db", ["client", "protocol"]],
  ["telemetry", ["consumers", "protocol"]],
]);

/** Rooms whose types tell a client what there is to call. */
const SERVED: ReadonlySet<string> = new Set(["consumers", "routing"]);

/** Rooms that may import all others, and that no other may import. */
const TOP_ROOMS: ReadonlySet<string> = new Set(["testing", "cli"]);

/** A permitted import within a level, `from -> to` by room, with its reason. */
export type SameLevelReasons = Readonly<Record<string, string>>;

/** Imports that go against the arrows; permitted ones within a level that nothing uses any more are reported too. */
export function wrongImports(sources: Sources, permitted: SameLevelReasons = {}): string[] {
  const used = new Set<string>();
  const wrong = allImports(sources).flatMap((found) => {
    const arrow = `${roomOf(found.from)} -> ${roomOf(found.to)}`;
    if (Object.hasOwn(permitted, arrow)) used.add(arrow);
    const complaint = Object.hasOwn(permitted, arrow) && isSameLevel(found) ? null : complaintAbout(found);
    return complaint === null ? [] : [`${found.from} imports ${found.to}: ${complaint}`];
  });
  const stale = Object.keys(permitted).filter((arrow) => !used.has(arrow));
  return [...wrong, ...stale.map((arrow) => `${arrow} is permitted, but nothing uses it: take it from the list`)];
}

function complaintAbout(found: Import): string | null {
  const [from, to] = [roomOf(found.from), roomOf(found.to)];
  if (from === to || from === ENTRY) return null;
  if (to === ENTRY) return "an entry is for users of the package, import the file itself";
  if (TOP_ROOMS.has(from)) return null;
  if (TOP_ROOMS.has(to)) return `${to} is above every other room`;
  if (SIDE_ROOMS.has(from)) return complaintAboutSide(found, from, to);
  const [own, other] = [levelOf(from), levelOf(to)];
  if (own === -1 || other === -1) return `${own === -1 ? from : to} has no place in the arrows`;
  if (other < own) return null;
  return other === own ? `${from} and ${to} are of one level` : `${to} is above ${from}`;
}

function complaintAboutSide(found: Import, from: string, to: string): string | null {
  if (SIDE_ROOMS.get(from)?.includes(to) === true) return null;
  if (from === "client" && SERVED.has(to)) return found.isTypeOnly ? null : `client may only import types from ${to}`;
  return `${from} may not import ${to}`;
}

function isSameLevel({ from, to }: Import): boolean {
  return levelOf(roomOf(from)) === levelOf(roomOf(to));
}

function levelOf(room: string): number {
  return LEVELS.findIndex((rooms) => rooms.includes(room));
}

const ENTRY = "(entry)";

function roomOf(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? ENTRY : path.slice(0, slash);
}
