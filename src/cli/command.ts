/** Where a command writes to, and what it reads besides its arguments. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** May be changed before the application is loaded. */
  readonly env: Record<string, string | undefined>;
  /** Relative paths start here. */
  readonly cwd: string;
}

/** One command of `restwave`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** @throws CliError when it cannot do what it is asked for. */
  run(args: readonly string[], io: CommandIo): Promise<void>;
}
