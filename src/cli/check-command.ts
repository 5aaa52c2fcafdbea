import { checkRoutes } from "../checks/check-routes.ts";
import { findingText } from "../checks/finding-text.ts";
import type { Finding } from "../checks/finding.ts";
import type { Command } from "./command.ts";
import { findModule, routesModule } from "./find-module.ts";
import { loadRoutes } from "./load-routes.ts";
import { parseOptions } from "./parse-options.ts";

const USAGE = `Usage: restwave check [--routes MODULE] [--database URL] [--deploy] [--strict]

Looks for what cannot work in an application, or not well: models without a table, filters on columns that there are not or that have no index,
observers that can never fire ... and says how to mend it. Databases are read, nothing is changed. Exit code 1 when there are errors.

  --routes MODULE  the file of the application that exports its routing table (default: what package.json says as restwave.routes, else
                   src/routing.ts, src/routes.ts, routing.ts or routes.ts)
  --database URL   sets DATABASE_URL before MODULE is loaded
  --deploy         leave out columns without an index whose tables are small, as a server in production does
  --strict         warnings count as errors
`;

/** `restwave check`: what is wrong with an application, before anybody connects to it. */
export const checkCommand: Command = {
  name: "check",
  summary: "finds what cannot work, and tells the fix",
  usage: USAGE,
  async run(args, io) {
    const names = { texts: ["routes", "database"], flags: ["deploy", "strict"] } as const;
    const { texts, flags } = parseOptions(args, names, USAGE);
    if (texts.database !== undefined) io.env.DATABASE_URL = texts.database;
    const loaded = await loadRoutes(findModule(routesModule, texts.routes, io.cwd), io);
    try {
      const findings = await checkRoutes(loaded.routes, { development: !flags.has("deploy") });
      io.out(textOf(findings));
      const fatal = findings.filter(({ level }) => level === "error" || flags.has("strict"));
      return fatal.length > 0 ? 1 : 0;
    } finally {
      await loaded.close();
    }
  },
};

function textOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing is wrong, as far as can be seen.\n";
  const errors = findings.filter(({ level }) => level === "error").length;
  const total = `${count(errors, "error")}, ${count(findings.length - errors, "warning")}.`;
  return `${findings.map(findingText).join("\n\n")}\n\n${total}\n`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
