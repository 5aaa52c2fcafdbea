import type { ConsumerSettings } from "../consumers/settings.ts";
import { APIException } from "../protocol/exceptions.ts";
import type { ExplainedStep, Explanation } from "./inspection.ts";

/** What a rule says. */
export type Finding = Pick<ExplainedStep, "passed" | "detail" | "operands">;

type Kind = ExplainedStep["kind"];

/** What a rule says that has no more to say. */
export const SAID_NO = "Said no.";

const NOT_ASKED = "Not asked, since an earlier rule said no.";

/** Asks one rule after the other and keeps what each said. After the first that says no, the others are not asked. */
export class ExplanationSteps {
  readonly #settings: Pick<ConsumerSettings, "logger" | "ids">;
  readonly #steps: ExplainedStep[] = [];
  #refusal: ExplainedStep | null = null;

  constructor(settings: Pick<ConsumerSettings, "logger" | "ids">) {
    this.#settings = settings;
  }

  /** Has a rule said no? */
  get isRefused(): boolean {
    return this.#refusal !== null;
  }

  /** @returns whether it was asked and did not say no. */
  async ask(kind: Kind, name: string, rule: () => Finding | Promise<Finding>): Promise<boolean> {
    if (this.isRefused) {
      this.#steps.push({ kind, name, passed: null, detail: NOT_ASKED });
      return false;
    }
    return this.askAnyway(kind, name, rule);
  }

  /** As `ask`, but whatever was said before: for rules that do not build on each other. */
  async askAnyway(kind: Kind, name: string, rule: () => Finding | Promise<Finding>): Promise<boolean> {
    const step = { kind, name, ...(await this.#findingOf(rule)) };
    this.#steps.push(step);
    if (step.passed === false) this.#refusal ??= step;
    return step.passed !== false;
  }

  /** @param otherwise what to say when no rule said no. */
  finish(otherwise: string): Explanation {
    const refusal = this.#refusal;
    return { summary: refusal === null ? otherwise : summaryOf(refusal), steps: this.#steps };
  }

  /** What a rule throws for the client is its answer; of anything else only the log knows more than the kind. */
  async #findingOf(rule: () => Finding | Promise<Finding>): Promise<Finding> {
    try {
      return await rule();
    } catch (error) {
      if (error instanceof APIException && error.status < 500)
        return { passed: false, detail: `${error.status}: ${error.message}` };
      const errorId = this.#settings.ids();
      this.#settings.logger.error({ errorId, error }, "A rule failed while the explorer asked it.");
      const kind = error instanceof Error ? error.name : typeof error;
      return { passed: false, detail: `It failed with ${kind}, which a client is answered with 500. Error id: ${errorId}` };
    }
  }
}

const SUBJECTS: Readonly<Record<Kind, string>> = {
  connection: "Connection",
  action: "Action",
  permission: "The permission",
  object_permission: "The object permission",
  throttle: "The throttle",
  input: "Input",
  row: "Row",
  queryset: "getQueryset, by",
  filter: "The filter",
  search: "The",
  window: "The window",
  subscription: "Subscription",
  change_log: "The change log,",
};

/** Those that judge. */
const JUDGES: ReadonlySet<Kind> = new Set(["permission", "object_permission", "throttle", "filter", "search", "queryset"]);

function summaryOf({ kind, name, detail }: ExplainedStep): string {
  const subject = `${SUBJECTS[kind]} ${name}`;
  if (!JUDGES.has(kind)) return `${subject}: ${detail}`;
  return detail === SAID_NO ? `${subject} said no.` : `${subject} said no: ${detail}`;
}
