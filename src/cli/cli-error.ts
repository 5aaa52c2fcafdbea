import { RestwaveError } from "../protocol/exceptions.ts";

/** 2: the command line cannot be meant; 1: the command could not do it. */
export type ExitCode = 1 | 2;

/** A command cannot go on; its message is all that the user sees. */
export class CliError extends RestwaveError {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 1, cause?: unknown) {
    super(message, { code: "cli_error", cause });
    this.exitCode = exitCode;
  }
}
