import { Icon } from "../parts/icon.tsx";
import { isObject, type JsonObject } from "../wire/json.ts";
import type { TableState } from "../state/use-table-state.ts";

interface PagerProps {
  readonly state: TableState;
  /** What the page says beside its rows; null: the list has no pages. */
  readonly page: JsonObject | null;
  readonly shown: number;
}

/** Back and forth through the pages of a list, whichever way it is cut. */
export function Pager({ state, page, shown }: PagerProps) {
  if (!isObject(page)) return null;
  const steps = stepsOf(page, state, shown);
  if (steps === null) return null;
  return (
    <nav className="pager" aria-label="Pages">
      <button
        type="button"
        disabled={steps.previous === null}
        onClick={() => steps.previous !== null && state.setPage(steps.previous)}
      >
        <Icon name="left" />
        Previous
      </button>
      <span className="muted">{steps.text}</span>
      <button type="button" disabled={steps.next === null} onClick={() => steps.next !== null && state.setPage(steps.next)}>
        Next
        <Icon name="right" />
      </button>
      {steps.size !== null && <SizeSelect state={state} name={steps.size.name} value={steps.size.value} />}
    </nav>
  );
}

interface Steps {
  readonly previous: JsonObject | null;
  readonly next: JsonObject | null;
  readonly text: string;
  readonly size: { readonly name: "limit" | "page_size"; readonly value: number } | null;
}

function stepsOf(page: JsonObject, state: TableState, shown: number): Steps | null {
  const { limit, offset, count, page: number, page_size: size, num_pages: pages } = page;
  const now = state.page;
  if (typeof limit === "number" && typeof offset === "number" && typeof count === "number")
    return {
      previous: offset > 0 ? { ...now, limit, offset: Math.max(0, offset - limit) } : null,
      next: offset + shown < count && shown > 0 ? { ...now, limit, offset: offset + limit } : null,
      text: count === 0 ? "no rows" : `${offset + 1} to ${offset + shown} of ${Math.max(count, offset + shown)}`,
      size: { name: "limit", value: limit },
    };
  if (typeof number === "number" && typeof pages === "number")
    return {
      previous: number > 1 ? { ...now, page: number - 1 } : null,
      next: number < pages ? { ...now, page: number + 1 } : null,
      text: `page ${number} of ${pages}`,
      size: typeof size === "number" ? { name: "page_size", value: size } : null,
    };
  if (!("next" in page) && !("previous" in page)) return null;
  const { next, previous } = page;
  return {
    previous: typeof previous === "string" ? { ...now, cursor: previous } : null,
    next: typeof next === "string" ? { ...now, cursor: next } : null,
    text: shown === 1 ? "1 row" : `${shown} rows`,
    size: null,
  };
}

function SizeSelect({ state, name, value }: { state: TableState; name: "limit" | "page_size"; value: number }) {
  const sizes = [...new Set([5, 10, 25, 50, 100, value])].toSorted((a, b) => a - b);
  return (
    <select aria-label="Rows on a page" value={value} onChange={({ target }) => state.setPage({ [name]: Number(target.value) })}>
      {sizes.map((size) => (
        <option key={size} value={size}>
          {size} on a page
        </option>
      ))}
    </select>
  );
}
