import { useState } from "react";
import type { LoggedEvent } from "../wire/tap.ts";
import { isObject } from "../wire/json.ts";
import { JsonView } from "./json-view.tsx";
import { TimeText } from "./time-text.tsx";

const TONES: Readonly<Record<string, string>> = {
  create: "pill-good",
  update: "pill-info",
  delete: "pill-bad",
  reset: "pill-warn",
};

/** One event; opened it shows its data. */
export function EventItemView({ event, name }: { event: LoggedEvent; name?: string }) {
  const { at, frame } = event;
  const [isOpen, setOpen] = useState(false);
  const action = String(frame.action);
  return (
    <li className="event-item">
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <TimeText at={at} />
          <span className={`pill ${TONES[action] ?? ""}`}>{action}</span>
          {name !== undefined && <strong>{name}</strong>}
          <span className="event-preview">{preview(frame.data)}</span>
        </summary>
        {isOpen && <JsonView value={frame.payload} label={`Event ${action}`} />}
      </details>
    </li>
  );
}

function preview(data: unknown): string {
  if (!isObject(data)) return JSON.stringify(data)?.slice(0, 160) ?? "";
  return Object.entries(data)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("  ")
    .slice(0, 160);
}
