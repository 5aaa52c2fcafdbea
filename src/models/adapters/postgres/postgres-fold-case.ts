import { foldCase } from "../../fold-case.ts";
import type { PostgresConnection } from "./postgres-connection.ts";

/** How this server can do what `foldCase` does. */
export interface PostgresFoldCase {
  /** SQL of the folded form of a text. */
  readonly fold: (expression: string) => string;
  /** Does it agree with `foldCase` on every text? */
  readonly agrees: boolean;
}

/** All letters that have cases are below; 10 is the separator, surrogates are no characters. */
const END = 0x2_0000;

/** What was found out, by the server's version of Unicode: it takes tens of milliseconds. */
const known = new Map<string, PostgresFoldCase>();

/**
 * PostgreSQL's `lower` and `upper` with the collation `und-x-icu` do Unicode's full mappings, as `foldCase` does; but the server's version of
 * Unicode may be another one than that of Node.js. So all characters are compared once: those that only Node.js knows are
 * translated in SQL before; if others differ, agreement is impossible.
 */
export async function findFoldCase(connection: PostgresConnection): Promise<PostgresFoldCase> {
  const { rows } = await connection.query(
    "SELECT concat(collversion, ' ', current_setting('server_version_num')) FROM pg_collation WHERE collname = 'und-x-icu'",
  );
  const version = rows[0]?.[0] ?? null;
  if (version === null) return { fold: (expression) => `lower(${expression})`, agrees: false };
  const found = known.get(version) ?? (await compare(connection));
  known.set(version, found);
  return found;
}

async function compare(connection: PostgresConnection): Promise<PostgresFoldCase> {
  const characters: string[] = [];
  for (let code = 1; code < END; code += 1)
    if (code !== 10 && (code < 0xd800 || code > 0xdfff)) characters.push(String.fromCodePoint(code));
  const { rows } = await connection.query(`SELECT ${unicodeFold("$1::text")}`, [characters.join("\n")]);
  const theirs = new Map((rows[0]?.[0] ?? "").split("\n").map((folded, index) => [characters[index] ?? "", folded]));
  const different = characters.filter((character) => theirs.get(character) !== foldCase(character));
  const agrees = different.every((character) => isUnknownThere(character, theirs));
  return { fold: foldWith(agrees ? different : []), agrees };
}

/** The server leaves the character as it is, and what it should become too. */
function isUnknownThere(character: string, theirs: ReadonlyMap<string, string>): boolean {
  const folded = foldCase(character);
  return Array.from(folded).length === 1 && theirs.get(character) === character && theirs.get(folded) === folded;
}

/** ASCII, which most texts are, is told by its length in bytes and needs lower case only. */
function foldWith(missing: readonly string[]): PostgresFoldCase["fold"] {
  const from = missing.join("");
  const to = missing.map(foldCase).join("");
  const known = (expression: string): string => (from === "" ? expression : `translate(${expression}, '${from}', '${to}')`);
  return (expression) =>
    `CASE WHEN octet_length(${expression}) = length(${expression}) THEN lower(${expression} COLLATE "und-x-icu") ELSE ${unicodeFold(known(expression))} END`;
}

function unicodeFold(expression: string): string {
  return `replace(lower(upper(${expression} COLLATE "und-x-icu")), 'ς', 'σ')`;
}
