import { APIError } from "restwave/client";
import { EventList } from "../parts/event-list.tsx";
import { Icon } from "../parts/icon.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { Notice } from "../parts/notice.tsx";
import { WhyRefused } from "../parts/why-refused.tsx";
import { useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import type { Watch } from "../wire/watches.ts";

const STATUSES: Readonly<Record<Watch["status"], string>> = {
  subscribing: "Subscribing",
  subscribed: "Live",
  failed: "Failed",
  stopped: "Stopped",
};
const TONES: Readonly<Record<Watch["status"], string>> = {
  subscribing: "",
  subscribed: "pill-good",
  failed: "pill-bad",
  stopped: "",
};

/** One subscription with its answer and its newest events. */
export function WatchView({ watch }: { watch: Watch }) {
  const { watches, log } = useSession();
  const events = useStore(log.events);
  const { status, answer, error, line, stream, action, args, sent } = watch;
  const own = events.filter(
    (event) =>
      event.path === line.path && sent !== null && event.frame.stream === stream && event.frame.requestId === sent.requestId,
  );
  const isRunning = status === "subscribing" || status === "subscribed";
  return (
    <article className="watch">
      <p className="answer-head">
        <span className={`pill ${TONES[status]}`}>{STATUSES[status]}</span>
        <span className="muted">{watch.events === 1 ? "1 event" : `${watch.events} events`}</span>
        <button type="button" onClick={() => (isRunning ? watches.stop(watch.id) : watches.forget(watch.id))}>
          <Icon name={isRunning ? "stop" : "close"} />
          {isRunning ? "Stop" : "Forget"}
        </button>
      </p>
      {error instanceof Error && <Notice tone="bad" title={error.message} />}
      {error instanceof APIError && (
        <WhyRefused line={line} stream={stream} frame={sent?.payload ?? { ...args, action, request_id: "why" }} />
      )}
      {status === "subscribed" && answer !== undefined && (
        <details>
          <summary>Its answer</summary>
          <JsonView value={answer} label="Answer of the subscription" />
        </details>
      )}
      <EventList events={own} label="Events of this subscription" />
    </article>
  );
}
