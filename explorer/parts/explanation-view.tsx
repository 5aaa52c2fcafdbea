import type { ExplainedStep, Explanation } from "../../src/explorer/inspection.ts";
import { Icon } from "./icon.tsx";

const KINDS: Readonly<Record<ExplainedStep["kind"], string>> = {
  connection: "Connection",
  action: "Action",
  permission: "Permission",
  object_permission: "Permission on the row",
  throttle: "Throttle",
  input: "Input",
  row: "Row",
  queryset: "Queryset",
  filter: "Filter",
  search: "Search",
  window: "Page",
  subscription: "Subscription",
  change_log: "Change log",
};

/** Every rule that was asked, with what it said. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  return (
    <div className="explanation">
      <p className="explanation-summary">{explanation.summary}</p>
      <Steps steps={explanation.steps} />
    </div>
  );
}

function Steps({ steps }: { steps: readonly ExplainedStep[] }) {
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <Step key={`${index} ${step.name}`} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { step: ExplainedStep }) {
  const { kind, name, passed, detail, operands = [] } = step;
  const verdict = passed === null ? "not asked" : passed ? "passed" : "said no";
  return (
    <li className={`step step-${passed === null ? "open" : passed ? "passed" : "refused"}`}>
      <span className="step-mark">
        <Icon name={passed === null ? "dash" : passed ? "check" : "cross"} />
      </span>
      <div className="step-text">
        <p>
          <span className="muted">{KINDS[kind]}</span> <code>{name}</code> <strong className="step-verdict">{verdict}</strong>
        </p>
        {detail !== "" && <p className="step-detail">{detail}</p>}
        {operands.length > 0 && <Steps steps={operands} />}
      </div>
    </li>
  );
}
