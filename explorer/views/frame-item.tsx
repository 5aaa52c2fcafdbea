import { useState } from "react";
import { CopyButton } from "../parts/copy-button.tsx";
import { JsonView } from "../parts/json-view.tsx";
import { TimeText } from "../parts/time-text.tsx";
import { WhyRefused } from "../parts/why-refused.tsx";
import { useLines } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import { readServerFrames } from "../wire/frames.ts";
import { tryParse } from "../wire/json.ts";
import type { LoggedFrame } from "../wire/tap.ts";

const ARROWS: Readonly<Record<LoggedFrame["direction"], string>> = { in: "↓", out: "↑", note: "•" };
const WORDS: Readonly<Record<LoggedFrame["direction"], string>> = { in: "received", out: "sent", note: "connection" };
const encoder = new TextEncoder();

/** One frame in a line; opened it is indented. */
export function FrameItem({ frame }: { frame: LoggedFrame }) {
  const [isOpen, setOpen] = useState(false);
  const { at, direction, text, path } = frame;
  const head = (
    <>
      <span className="frame-arrow" aria-hidden="true">
        {ARROWS[direction]}
      </span>
      <span className="hidden">{WORDS[direction]}</span>
      <TimeText at={at} />
      <span className="frame-size">{direction === "note" ? path : shownSize(encoder.encode(text).length)}</span>
      <code className="frame-text">{text.slice(0, 300)}</code>
    </>
  );
  if (direction === "note") return <li className="frame frame-note">{head}</li>;
  return (
    <li className={`frame frame-${direction}`}>
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{head}</summary>
        {isOpen && (
          <div className="snippet">
            <JsonView value={tryParse(text) ?? text} label={`Frame ${WORDS[direction]}`} />
            <CopyButton text={text} />
            {direction === "in" && <Refusals path={path} text={text} />}
          </div>
        )}
      </details>
    </li>
  );
}

/** "Why?" for each answer of a message that says no. */
function Refusals({ path, text }: { path: string; text: string }) {
  const line = useStore(useLines().all).find((one) => one.path === path);
  if (line === undefined) return null;
  const refused = readServerFrames(text).filter(({ status }) => status >= 400);
  return refused.map((frame) => {
    const request = line.tap.requestOf(frame);
    return request === null ? null : (
      <WhyRefused key={JSON.stringify(frame.requestId)} line={line} stream={frame.stream} frame={request.payload} />
    );
  });
}

function shownSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
