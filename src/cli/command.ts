/** Where a command writes to, and what it reads besides its arguments. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** May be changed before the application is loaded. */
  readonly env: Record<string, string | undefined>;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Does somebody read along? Default false. */
  readonly isTerminal?: boolean;
  /** Makes this process import TypeScript, if it does not by itself. Called before the first module of an application is imported. */
  readonly importTypeScript?: (cwd: string) => Promise<void>;
}

/** One command of `restwave`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** @returns the exit code, where it is not 0. @throws CliError when it cannot do what it is asked for. */
  run(args: readonly string[], io: CommandIo): Promise<number | void>;
}
