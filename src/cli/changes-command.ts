import type { Database } from "../models/database.ts";
import type { AnyModel } from "../models/model.ts";
import { CliError } from "./cli-error.ts";
import type { Command, CommandIo } from "./command.ts";
import { findModule, routesModule } from "./find-module.ts";
import { loadApplication } from "./load-application.ts";
import { parseOptions } from "./parse-options.ts";

const USAGE = `Usage: restwave changes [OPTIONS] [MODULE]

Prints the SQL of the change log (its tables, and a trigger per observed table), or applies it. The application does the same by itself at its first
subscription; use this where only migrations may change the schema.

MODULE is a file of the application that exports its routes, models or database (default: what package.json says as restwave.routes, else
src/routing.ts, src/routes.ts, routing.ts or routes.ts). Have it import the serializers too (routes do): columns that
clients may only write are left out of the log.

  --models A,B     the models to observe, by name, besides those that the module observes itself; "all" for all
  --many-to-many   log the join tables of their many-to-many relations too
  --database URL   sets DATABASE_URL before MODULE is loaded
  --print          print the SQL (default)
  --apply          apply it
`;

interface Options {
  readonly file: string | undefined;
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
    const databases = await loadApplication(findModule(routesModule, options.file, io.cwd), io);
    try {
      observe(databases, options);
      for (const database of databases) if (database.changes.models.length > 0) await write(database, options, io);
    } finally {
      for (const database of databases) await database.close();
    }
  },
};

function parse(args: readonly string[]): Options {
  const names = { texts: ["models", "database"], flags: ["many-to-many", "print", "apply"], positionals: 1 } as const;
  const { texts, flags, positionals } = parseOptions(args, names, USAGE);
  if (flags.has("print") && flags.has("apply")) throw new CliError("Expected --print or --apply, got both.", 2);
  const models = (texts.models ?? "").split(",").map((name) => name.trim());
  return {
    file: positionals[0],
    models: models.filter((name) => name !== ""),
    manyToMany: flags.has("many-to-many"),
    database: texts.database,
    apply: flags.has("apply"),
  };
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
