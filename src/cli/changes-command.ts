import { parseArgs } from "node:util";
import type { Database } from "../models/database.ts";
import type { AnyModel } from "../models/model.ts";
import { CliError } from "./cli-error.ts";
import type { Command, CommandIo } from "./command.ts";
import { loadApplication } from "./load-application.ts";

const USAGE = `Usage: restwave changes [OPTIONS] MODULE

Prints the SQL of the change log (its tables, and a trigger per observed table), or applies it. The application does the same by itself at its first
subscription; use this where only migrations may change the schema.

MODULE is a file of the application that exports its routes, models or database. Have it import the serializers too (routes do): columns that
clients may only write are left out of the log.

  --models A,B     the models to observe, by name, besides those that the module observes itself; "all" for all
  --many-to-many   log the join tables of their many-to-many relations too
  --database URL   sets DATABASE_URL before MODULE is loaded
  --print          print the SQL (default)
  --apply          apply it
`;

interface Options {
  readonly file: string;
  readonly models: readonly string[];
  readonly manyToMany: boolean;
  readonly database: string | undefined;
  readonly apply: boolean;
}

/** `restwave changes`: the SQL of the change log, for teams that apply DDL through their own migrations. */
export const changesCommand: Command = {
  name: "changes",
  summary: "prints or applies the SQL of the change log",
  usage: USAGE,
  async run(args, io) {
    const options = parse(args);
    if (options.database !== undefined) io.env.DATABASE_URL = options.database;
    const databases = await loadApplication(options.file, io.cwd);
    try {
      observe(databases, options);
      for (const database of databases) if (database.changes.models.length > 0) await write(database, options, io);
    } finally {
      for (const database of databases) await database.close();
    }
  },
};

function parse(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new CliError(`Expected one module, got ${positionals.length}.\n\n${USAGE}`, 2);
  if (values.print === true && values.apply === true) throw new CliError("Expected --print or --apply, got both.", 2);
  const models = (values.models ?? "").split(",").map((name) => name.trim());
  return {
    file,
    models: models.filter((name) => name !== ""),
    manyToMany: values["many-to-many"] ?? false,
    database: values.database,
    apply: values.apply ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        models: { type: "string" },
        "many-to-many": { type: "boolean" },
        database: { type: "string" },
        print: { type: "boolean" },
        apply: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new CliError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, 2, error);
  }
}

function observe(databases: readonly Database[], { models, manyToMany }: Options): void {
  const all: readonly AnyModel[] = databases.flatMap((database) => database.models);
  const unknown = models.filter((name) => name !== "all" && !all.some((model) => model.name === name));
  if (unknown.length > 0) {
    throw new CliError(`Expected --models to be of ${names(all)}, or "all", got ${unknown.join(", ")}.`, 2);
  }
  const chosen = all.filter((model) => models.includes("all") || models.includes(model.name));
  for (const model of chosen) model.database.changes.observe(model, { manyToMany });
  if (databases.some((database) => database.changes.models.length > 0)) return;
  throw new CliError(`The module observes no model by itself. Name them: --models all, or some of ${names(all)}.`, 2);
}

function names(models: readonly AnyModel[]): string {
  return models.map((model) => model.name).join(", ") || "(none)";
}

async function write(database: Database, { apply }: Options, io: CommandIo): Promise<void> {
  const { changes } = database;
  if (!apply) return io.out((await changes.script()).map((statement) => `${statement};\n`).join("\n"));
  await changes.ready();
  io.out(`The change log is in place for ${names(changes.models)}.\n`);
}
