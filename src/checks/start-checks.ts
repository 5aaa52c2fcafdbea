import type { ConsumerSettings } from "../consumers/settings.ts";
import type { Logger } from "../consumers/logger.ts";
import { RestwaveError } from "../protocol/exceptions.ts";
import { prepareRoutes } from "../routing/prepare-routes.ts";
import type { Routes } from "../routing/route.ts";
import { checkRoutes } from "./check-routes.ts";
import type { Finding, FindingCode } from "./finding.ts";
import { findingText } from "./finding-text.ts";

/** What a server does about what `checkRoutes` finds when it starts. */
export interface StartCheckOptions {
  /** `warn`: a log entry for each, once per routing table and process, while the server serves already. `off`: nothing is looked at. Default `warn`. */
  readonly startChecks?: "warn" | "off";
  /** What is known and shall not be said again: `["scanning_filter"]`. Default none. */
  readonly silencedChecks?: readonly FindingCode[];
}

/** A server did not start, since `startChecks` is `error` and there are findings that are errors. */
export class StartChecksFailed extends RestwaveError {
  /** The errors. */
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const texts = findings.map((finding) => `\n\n${findingText(finding)}`).join("");
    super(`The server does not start: expected no errors in what it serves, found ${findings.length}.${texts}`, {
      code: "start_checks_failed",
    });
    this.findings = findings;
  }
}

/** Where findings are said. */
export type SayFindings = (findings: readonly Finding[]) => void;

const checked = new WeakSet<Routes>();

/**
 * Has every consumer prepare for its first connection and says what is wrong with them, the second time only the former. Never rejects.
 *
 * @param isOver is asked before anything is said: a server that was closed at once says nothing.
 */
export async function prepareAndCheck(
  routes: Routes,
  settings: ConsumerSettings,
  options: StartCheckOptions & { readonly say: SayFindings; readonly isOver: () => boolean },
): Promise<void> {
  const problem = await prepareRoutes(routes).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const findings = options.startChecks === "off" || checked.has(routes) ? [] : await find(routes, settings, options);
  if (options.isOver()) return;
  checked.add(routes);
  if (findings.length > 0) options.say(findings);
  if (problem === null || findings.some(({ level }) => level === "error")) return;
  // Whoever needs it waits for it, and tries again.
  settings.logger.warn(problem, "A consumer could not prepare for its first connection; it tries again then.");
}

/** @returns the warnings. @throws StartChecksFailed when there are errors. */
export async function demandNoErrors(
  routes: Routes,
  settings: ConsumerSettings,
  options: Pick<StartCheckOptions, "silencedChecks">,
): Promise<readonly Finding[]> {
  const findings = await unsilenced(routes, settings, options);
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0) throw new StartChecksFailed(errors);
  checked.add(routes);
  return findings;
}

/** One entry for each finding. */
export function logFindings(logger: Logger): SayFindings {
  return (findings) => {
    for (const { level, message, ...details } of findings) {
      if (level === "error") logger.error(details, message);
      else logger.warn(details, message);
    }
  };
}

/** A mistake in a check must not harm the server. */
async function find(routes: Routes, settings: ConsumerSettings, options: StartCheckOptions): Promise<readonly Finding[]> {
  try {
    return await unsilenced(routes, settings, options);
  } catch (error) {
    settings.logger.warn({ error }, "The routes could not be checked.");
    return [];
  }
}

async function unsilenced(
  routes: Routes,
  settings: ConsumerSettings,
  { silencedChecks = [] }: StartCheckOptions,
): Promise<readonly Finding[]> {
  const findings = await checkRoutes(routes, { ...settings, prepare: true });
  return findings.filter(({ code }) => !silencedChecks.includes(code));
}
