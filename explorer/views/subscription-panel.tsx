import type { ActionContract, ResourceContract } from "restwave/contracts";
import { APIError } from "restwave/client";
import { useId, useState } from "react";
import { unsubscribeActionOf } from "../contract/resource-shape.ts";
import { unfinishedIn } from "../forms/unfinished.ts";
import { Icon } from "../parts/icon.tsx";
import { SnippetsView } from "../parts/snippets-view.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { plainJson } from "../snippets/plain-json.ts";
import { useContract, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import type { Line } from "../wire/line.ts";
import { initialArgs } from "./action-args.ts";
import { ActionForm } from "./action-form.tsx";
import { RawArgs } from "./raw-args.tsx";
import { WatchView } from "./watch-view.tsx";
import { REQUEST_MODES } from "./request-modes.ts";

interface SubscriptionPanelProps {
  readonly resource: ResourceContract;
  readonly action: ActionContract;
  readonly line: Line;
  readonly stream: string | null;
}

/** A subscription to fill in, to begin and to end. It goes on while other views are looked at. */
export function SubscriptionPanel({ resource, action, line, stream }: SubscriptionPanelProps) {
  const { contract } = useContract();
  const { watches } = useSession();
  const all = useStore(watches.all);
  const id = useId();
  const [args, setArgs] = useState(() => initialArgs(action, contract.schemas, {}));
  const [mode, setMode] = useState("form");
  const [isValid, setValid] = useState(true);
  const mine = all.filter((watch) => watch.line === line && watch.stream === stream && watch.action === action.name);
  const unsubscribe = unsubscribeActionOf(resource, action);
  const [latest] = mine;
  const errors = latest?.error instanceof APIError ? latest.error.errors : null;
  const select = (next: string): void => {
    setMode(next);
    setValid(true);
  };
  return (
    <div className="action-panel">
      <form
        className="panel action-request"
        aria-label={`Request of ${action.name}`}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (unfinishedIn(args).length > 0) return;
          watches.start({ resource: resource.name, line, stream, action: action.name, args: plainJson(args), unsubscribe });
        }}
      >
        <Tabs label="Request" tabs={REQUEST_MODES} selected={mode} onSelect={select}>
          {mode === "form" && (
            <ActionForm
              action={action}
              schemas={contract.schemas}
              args={args}
              onChange={setArgs}
              errors={errors}
              idPrefix={id}
              fixed={["since"]}
            />
          )}
          {mode === "json" && <RawArgs args={plainJson(args)} onChange={setArgs} onValid={setValid} />}
          {mode === "code" && <SnippetsView path={line.path} stream={stream} resource={resource} action={action} args={args} />}
        </Tabs>
        <div className="actions-row">
          <button className="primary" disabled={!isValid}>
            <Icon name="play" />
            Subscribe
          </button>
          {unsubscribe === null && <span className="muted">No action ends it: it lasts as long as the connection.</span>}
        </div>
      </form>
      <section className="panel action-answer" aria-label="Subscriptions">
        <h2>Subscriptions</h2>
        {mine.length === 0 && <p className="answer-empty muted">None yet. Their events are shown here and under Events.</p>}
        {mine.map((watch) => (
          <WatchView key={watch.id} watch={watch} />
        ))}
      </section>
    </div>
  );
}
