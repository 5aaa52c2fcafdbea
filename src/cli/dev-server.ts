import { relative, resolve } from "node:path";
import type { DevMessage } from "../transports/dev-message.ts";
import type { Finding } from "../checks/finding.ts";
import { findingText } from "../checks/finding-text.ts";
import { DevProcess } from "./dev-process.ts";
import { findExplorer } from "./find-explorer.ts";
import type { ReportMessage } from "./report-imports.ts";
import { routesText } from "./routes-text.ts";
import { WatchedFiles } from "./watched-files.ts";

/** A server gets so long to end requests under way before it is started anew, in milliseconds. */
const RESTART_PATIENCE = 3_000;
/** And so long when it is ended for good: a little more than `drainTimeout` is by default. */
const STOP_PATIENCE = 10_000;

/** What {@link DevServer} is made with. */
export interface DevServerOptions {
  readonly entry: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly imports: readonly string[];
  /** Files and folders that are watched besides those that are imported. */
  readonly watch: readonly string[];
  /** Is told of the explorer, once. */
  readonly onExplorer: (url: string) => void;
  print(text: string): void;
}

/** Keeps a server running and starts it anew when one of its files changes. */
export class DevServer {
  readonly #options: DevServerOptions;
  readonly #files: WatchedFiles;
  #process: DevProcess | null = null;
  #restarting: Promise<void> | null = null;
  #isStopped = false;
  #shownRoutes = "";
  #shownFindings: readonly string[] = [];
  #explorer: string | null = null;

  constructor(options: DevServerOptions) {
    this.#options = options;
    this.#files = new WatchedFiles((file) => void this.#restart(file));
    this.#files.add(resolve(options.cwd, options.entry));
    for (const path of options.watch) this.#files.addPath(resolve(options.cwd, path));
  }

  start(): void {
    this.#files.refresh();
    this.#files.anySource = false;
    const { entry, cwd, env, imports } = this.#options;
    const started: DevProcess = new DevProcess({ entry, cwd, env, imports, onMessage: (message) => this.#hear(message) });
    this.#process = started;
    void started.ended.then((end) => this.#afterEnd(started, end));
  }

  /** Ends the server and the watching. @returns the exit code of the server; 0 where none ran. */
  async stop(signal: NodeJS.Signals): Promise<number> {
    this.#isStopped = true;
    this.#files.close();
    await this.#restarting;
    const end = (await this.#process?.stop(signal, STOP_PATIENCE)) ?? 0;
    return typeof end === "number" ? end : 1;
  }

  /** Ends the server at once. */
  kill(): void {
    this.#process?.kill();
  }

  #restart(file: string): Promise<void> {
    this.#restarting ??= this.#startAgain(file).finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  async #startAgain(file: string): Promise<void> {
    this.#print(`${relative(this.#options.cwd, file)} has changed: starting again.`);
    const running = this.#process;
    this.#process = null;
    await running?.stop("SIGTERM", RESTART_PATIENCE);
    if (!this.#isStopped) this.start();
  }

  /** Of a server that ended by itself; one that was stopped is no longer ours. */
  #afterEnd(ended: DevProcess, end: number | NodeJS.Signals): void {
    if (this.#process !== ended || this.#isStopped) return;
    this.#process = null;
    this.#files.anySource = true;
    const how = typeof end === "number" ? `with exit code ${end}` : `by ${end}`;
    this.#print(`The server has ended ${how}. Waiting for a change.`);
  }

  #hear(message: DevMessage | ReportMessage): void {
    if (message.type === "imported") return this.#files.add(message.file);
    if (message.type === "findings") return this.#showFindings(message.findings);
    this.#show(message);
  }

  /** Those that the start before has not shown already. */
  #showFindings(findings: readonly Finding[]): void {
    const texts = findings.map(findingText);
    for (const text of texts) if (!this.#shownFindings.includes(text)) this.#options.print(`\n${text}\n\n`);
    this.#shownFindings = texts;
  }

  #show({ url, resources }: Extract<DevMessage, { type: "listening" }>): void {
    this.#print(`Serving ${url.replace(/^ws/, "http")} (${this.#options.entry})`);
    const routes = routesText(resources);
    if (routes !== this.#shownRoutes) this.#options.print(`\n${routes}\n`);
    this.#shownRoutes = routes;
    void this.#showExplorer(url);
  }

  async #showExplorer(url: string): Promise<void> {
    const explorer = await findExplorer(url);
    if (explorer === null || explorer === this.#explorer) return;
    this.#explorer = explorer;
    this.#print(`Explorer ${explorer}`);
    this.#options.onExplorer(explorer);
  }

  #print(text: string): void {
    this.#options.print(`[dev] ${text}\n`);
  }
}
