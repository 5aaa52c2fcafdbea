import { RestwaveError } from "../protocol/exceptions.ts";
import { changesCommand } from "./changes-command.ts";
import { checkCommand } from "./check-command.ts";
import { devCommand } from "./dev-command.ts";
import { initCommand } from "./init-command.ts";
import { routesCommand } from "./routes-command.ts";
import { schemaCommand } from "./schema-command.ts";
import { typesCommand } from "./types-command.ts";
import { CliError } from "./cli-error.ts";
import type { Command, CommandIo } from "./command.ts";

const COMMANDS: readonly Command[] = [
  initCommand,
  devCommand,
  checkCommand,
  routesCommand,
  schemaCommand,
  typesCommand,
  changesCommand,
];

/** Runs `restwave` with these arguments. @returns the exit code: 0, 1 when it failed, 2 when the command line cannot be meant. */
export async function runCli(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = "--help", ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") return print(io, help());
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) {
    io.err(
      `restwave: expected a command (${COMMANDS.map((known) => known.name).join(", ")}), got "${name}". See restwave --help.\n`,
    );
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) return print(io, command.usage);
  try {
    return (await command.run(rest, io)) ?? 0;
  } catch (error) {
    io.err(`restwave ${name}: ${describe(error)}\n`);
    return error instanceof CliError ? error.exitCode : 1;
  }
}

function print(io: CommandIo, text: string): number {
  io.out(text);
  return 0;
}

function help(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  const lines = COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `Usage: restwave COMMAND [OPTIONS]\n\n${lines.join("\n")}\n\nrestwave COMMAND --help tells more.\n`;
}

/** An error of ours says what to do; of any other the trace is needed. */
function describe(error: unknown): string {
  if (error instanceof CliError || isExpected(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The application may have loaded another copy of this package. */
function isExpected(error: unknown): error is Error {
  return error instanceof RestwaveError || (error instanceof Error && "code" in error && error.code === "improperly_configured");
}
