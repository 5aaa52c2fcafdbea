import { useId, useState } from "react";
import { Why } from "../parts/why.tsx";
import { useLines, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import type { InspectedSubscription } from "../../src/explorer/inspection.ts";

const KINDS = ["", "create", "update", "delete"] as const;

/** Says why a subscription of this page did not hear of a row. */
export function WhyMissed() {
  const { inspector } = useSession();
  const lines = useStore(useLines().all);
  const server = useStore(inspector.server);
  const id = useId();
  const [chosen, setChosen] = useState("");
  const [pk, setPk] = useState("");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("");
  const found = (server?.connections ?? []).flatMap(({ id: connection, tag, subscriptions }) =>
    lines.some((line) => line.tag === tag) ? subscriptions.map((subscription) => ({ connection, subscription })) : [],
  );
  const target = found.find(({ connection, subscription }) => keyOf(connection, subscription) === chosen) ?? found[0];
  // Signals have no rows.
  const hasRows = target?.subscription.kind !== "observer";
  const ask = () =>
    inspector.explainEvent({
      connection: target?.connection ?? "",
      stream: target?.subscription.stream ?? null,
      subscription: target?.subscription.requestId ?? "null",
      ...(target === undefined ? {} : { subscribedBy: target.subscription.action }),
      pk: /^\d+$/.test(pk.trim()) ? Number(pk) : pk.trim(),
      ...(kind === "" ? {} : { kind }),
    });
  return (
    <details className="panel why-missing">
      <summary>Why did an event not arrive?</summary>
      {target === undefined && <p className="muted">This page has no subscription. Begin one first.</p>}
      {target !== undefined && (
        <div className="why-missing-body">
          <label className="control" htmlFor={`${id}-subscription`}>
            <span>Subscription</span>
            <select
              id={`${id}-subscription`}
              value={keyOf(target.connection, target.subscription)}
              onChange={({ target: { value } }) => setChosen(value)}
            >
              {found.map(({ connection, subscription }) => (
                <option key={keyOf(connection, subscription)} value={keyOf(connection, subscription)}>
                  {subscription.stream ?? subscription.consumer} {subscription.action} {subscription.requestId}
                </option>
              ))}
            </select>
          </label>
          {hasRows && (
            <>
              <label className="control" htmlFor={`${id}-pk`}>
                <span>pk</span>
                <input id={`${id}-pk`} value={pk} onChange={({ target: { value } }) => setPk(value)} />
              </label>
              <label className="control" htmlFor={`${id}-kind`}>
                <span>Event</span>
                <select
                  id={`${id}-kind`}
                  value={kind}
                  onChange={({ target: { value } }) => setKind(KINDS.find((one) => one === value) ?? "")}
                >
                  {KINDS.map((one) => (
                    <option key={one} value={one}>
                      {one === "" ? "any" : one}
                    </option>
                  ))}
                </select>
              </label>
            </>
          )}
          {(pk.trim() !== "" || !hasRows) && <Why key={`${pk} ${kind} ${chosen}`} ask={ask} />}
        </div>
      )}
    </details>
  );
}

function keyOf(connection: string, { stream, requestId, action }: InspectedSubscription): string {
  return JSON.stringify([connection, stream, action, requestId]);
}
