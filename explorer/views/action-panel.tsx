import type { ActionContract, ResourceContract } from "restwave/contracts";
import { type FormEvent, useId, useState } from "react";
import { unfinishedIn } from "../forms/unfinished.ts";
import { Answer } from "../parts/answer.tsx";
import { Icon } from "../parts/icon.tsx";
import { SnippetsView } from "../parts/snippets-view.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { useContract } from "../state/session-context.tsx";
import { useExchange } from "../state/use-exchange.ts";
import type { Exchange } from "../wire/exchange.ts";
import { isObject, type JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";
import { initialArgs, sentArgs } from "./action-args.ts";
import { ActionForm } from "./action-form.tsx";
import { RawArgs } from "./raw-args.tsx";
import { REQUEST_MODES } from "./request-modes.ts";

export interface ActionPanelProps {
  readonly resource: ResourceContract;
  readonly action: ActionContract;
  readonly line: Line;
  readonly stream: string | null;
  /** Arguments to begin with. */
  readonly given?: JsonObject;
  /** Those of them that are not asked for. */
  readonly fixed?: readonly string[];
  /** The row as it was: of a patch only what differs is sent. */
  readonly baseline?: JsonObject | null;
  readonly onDone?: (exchange: Exchange) => void;
}

const VERBS: Readonly<Record<string, string>> = {
  create: "Create",
  update: "Update",
  patch: "Save",
  delete: "Delete",
  list: "List",
  retrieve: "Retrieve",
};

/** An action to fill in and call: form or JSON, answer, and the same as code. */
export function ActionPanel({
  resource,
  action,
  line,
  stream,
  given = {},
  fixed = [],
  baseline: row = null,
  onDone,
}: ActionPanelProps) {
  const { contract } = useContract();
  const id = useId();
  // What others change meanwhile is not undone.
  const [baseline] = useState(row);
  const [args, setArgs] = useState(() => initialArgs(action, contract.schemas, given));
  const [mode, setMode] = useState("form");
  const [isValid, setValid] = useState(true);
  const { exchange, isRunning, run, stop } = useExchange();
  const isStream = action.kind === "streaming";
  const sent = sentArgs(action, args, baseline);
  const takeRaw = (raw: JsonObject): void => {
    const { data } = raw;
    // What is left out of a patch stays as it was.
    setArgs(baseline !== null && action.model === "patch" && isObject(data) ? { ...raw, data: { ...baseline, ...data } } : raw);
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isRunning || !isValid) return;
    if (unfinishedIn(args).length > 0) return focusFirstProblem(id);
    const ended = await run({ line, stream, action: action.name, args: sent, isStream });
    if (ended?.standing === "done") onDone?.(ended);
    else focusFirstProblem(id);
  };
  const select = (next: string): void => {
    setMode(next);
    setValid(true);
  };
  return (
    <div className="action-panel">
      <form
        id={id}
        className="panel action-request"
        aria-label={`Request of ${action.name}`}
        onSubmit={(event) => void send(event)}
        noValidate
      >
        <Tabs label="Request" tabs={REQUEST_MODES} selected={mode} onSelect={select}>
          {mode === "form" && (
            <ActionForm
              action={action}
              schemas={contract.schemas}
              args={args}
              onChange={setArgs}
              errors={exchange?.errors ?? null}
              idPrefix={id}
              fixed={fixed}
            />
          )}
          {mode === "json" && <RawArgs args={sent} onChange={takeRaw} onValid={setValid} />}
          {mode === "code" && <SnippetsView path={line.path} stream={stream} resource={resource} action={action} args={sent} />}
        </Tabs>
        <div className="actions-row">
          <button className={action.model === "delete" ? "danger" : "primary"} disabled={isRunning || !isValid}>
            <Icon name={action.model === "delete" ? "trash" : "play"} />
            {VERBS[action.model ?? ""] ?? (isStream ? "Start" : "Run")}
          </button>
          {isRunning && (
            <button type="button" onClick={stop}>
              <Icon name="stop" />
              Stop
            </button>
          )}
        </div>
      </form>
      <section className="panel action-answer" aria-label="Answer">
        <h2>Answer</h2>
        <Answer exchange={exchange} />
      </section>
    </div>
  );
}

/** Where the server has found something, the typing goes on. */
function focusFirstProblem(id: string): void {
  requestAnimationFrame(() => {
    const form = document.querySelector(`#${CSS.escape(id)}`);
    form?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  });
}
