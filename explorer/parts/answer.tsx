import { useState } from "react";
import type { Exchange } from "../wire/exchange.ts";
import { Icon } from "./icon.tsx";
import { JsonView } from "./json-view.tsx";
import { Notice } from "./notice.tsx";
import { StatusPill } from "./status-pill.tsx";
import { WhyRefused } from "./why-refused.tsx";

const STANDINGS: Readonly<Record<Exchange["standing"], string>> = {
  waiting: "Waiting for the connection",
  sending: "Waiting for the answer",
  streaming: "Streaming",
  done: "Answered",
  failed: "Failed",
  stopped: "Stopped",
};

/** What came of a request. */
export function Answer({ exchange }: { exchange: Exchange | null }) {
  if (exchange === null) return <p className="answer-empty muted">The answer is shown here.</p>;
  const { standing, status, duration, errorId, problem, request, itemCount } = exchange;
  return (
    <div className="answer">
      <p className="answer-head">
        {status !== null && standing !== "streaming" ? (
          <StatusPill status={status} />
        ) : (
          <span className="pill">{STANDINGS[standing]}</span>
        )}
        {duration !== null && <span className="muted">{shownDuration(duration)}</span>}
        {request.isStream && <span className="muted">{itemCount === 1 ? "1 item" : `${itemCount} items`}</span>}
        {standing === "stopped" && status !== null && <span className="muted">stopped</span>}
        {errorId !== null && <span className="muted">error id {errorId}</span>}
      </p>
      {problem !== null && <Notice tone="bad" title={problem} />}
      {exchange.sent !== null && status !== null && status >= 400 && standing === "failed" && (
        <WhyRefused key={exchange.sent.at} line={request.line} stream={request.stream} frame={exchange.sent.payload} />
      )}
      <Body exchange={exchange} />
    </div>
  );
}

function Body({ exchange }: { exchange: Exchange }) {
  const [isRaw, setRaw] = useState(false);
  const { errors, data, items, standing, request, frame } = exchange;
  const isOver = standing === "done" || standing === "failed";
  return (
    <>
      {items.length > 0 && <JsonView value={items} label="Items" />}
      {errors !== null && !isRaw && <JsonView value={errors} label="Errors" />}
      {standing === "done" && !isRaw && !(request.isStream && (data === null || data === undefined)) && (
        <JsonView value={data ?? null} label="Data of the answer" />
      )}
      {isRaw && frame !== null && <JsonView value={frame.payload} label="The whole answer" />}
      {isOver && frame !== null && (
        <button type="button" className="quiet" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          <Icon name="code" />
          Whole frame
        </button>
      )}
    </>
  );
}

function shownDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
