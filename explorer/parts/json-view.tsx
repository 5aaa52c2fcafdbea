import { memo, type ReactNode } from "react";
import { pretty } from "../wire/json.ts";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
/** Longer texts are shown without colours, and not to their end. */
const COLOURED = 60_000;
const SHOWN = 400_000;

/** Data as JSON, indented and coloured. */
export const JsonView = memo(function JsonView({ value, label }: { value: unknown; label: string }) {
  const text = pretty(value);
  const isCut = text.length > SHOWN;
  return (
    // A region that scrolls has to be reachable by keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="json" tabIndex={0} role="region" aria-label={label}>
      {text.length > COLOURED ? text.slice(0, SHOWN) : coloured(text)}
      {isCut && `\n… ${text.length - SHOWN} more characters`}
    </pre>
  );
});

function coloured(text: string): readonly ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, quoted, colon, word] = match;
    parts.push(text.slice(end, match.index));
    const kind = quoted === undefined ? (word === undefined ? "number" : "word") : colon === undefined ? "text" : "key";
    parts.push(
      <span key={match.index} className={`json-${kind}`}>
        {quoted ?? whole}
      </span>,
      colon,
    );
    end = match.index + whole.length;
  }
  return [...parts, text.slice(end)];
}
