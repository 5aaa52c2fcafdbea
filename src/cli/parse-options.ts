import { parseArgs } from "node:util";
import { CliError } from "./cli-error.ts";

/** What a command may be given besides its name. */
export interface OptionNames<Text extends string, Flag extends string> {
  /** Options that take a text: `--routes FILE`. */
  readonly texts?: readonly Text[];
  /** Options that take none: `--force`. */
  readonly flags?: readonly Flag[];
  /** How many arguments without a name there may be. Default 0. */
  readonly positionals?: number;
}

/** What a command was given. */
export interface GivenOptions<Text extends string, Flag extends string> {
  readonly texts: Readonly<Partial<Record<Text, string>>>;
  readonly flags: ReadonlySet<Flag>;
  readonly positionals: readonly string[];
}

/** @throws CliError for any other argument. */
export function parseOptions<const Text extends string = never, const Flag extends string = never>(
  args: readonly string[],
  { texts = [], flags = [], positionals: most = 0 }: OptionNames<Text, Flag>,
  usage: string,
): GivenOptions<Text, Flag> {
  const options = {
    ...Object.fromEntries(texts.map((name) => [name, { type: "string" } as const])),
    ...Object.fromEntries(flags.map((name) => [name, { type: "boolean" } as const])),
  };
  const { values, positionals } = parsed(args, options, usage);
  const [unexpected] = positionals.slice(most);
  if (unexpected !== undefined) throw new CliError(`Expected no argument "${unexpected}".\n\n${usage}`, 2);
  const given: Partial<Record<Text, string>> = {};
  for (const name of texts) {
    const value = values[name];
    if (typeof value === "string") given[name] = value;
  }
  return { texts: given, flags: new Set(flags.filter((name) => values[name] === true)), positionals };
}

type Options = Readonly<Record<string, { readonly type: "string" | "boolean" }>>;

function parsed(args: readonly string[], options: Options, usage: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new CliError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2, error);
  }
}
