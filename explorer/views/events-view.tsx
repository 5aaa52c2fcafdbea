import { useId, useMemo, useState } from "react";
import { EventItemView } from "../parts/event-item-view.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { useContract, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import type { LoggedEvent } from "../wire/tap.ts";
import { resourceNameAt } from "../contract/resource-at.ts";
import { StartWatch } from "./start-watch.tsx";
import { WhyMissed } from "./why-missed.tsx";

/** Every event that this page hears, newest first. */
export function EventsView() {
  const { log } = useSession();
  const { contract } = useContract();
  const events = useStore(log.events);
  const [paused, setPaused] = useState<readonly LoggedEvent[] | null>(null);
  const [text, setText] = useState("");
  const id = useId();
  const shown = paused ?? events;
  const wanted = text.trim().toLowerCase();
  const matching = useMemo(
    () =>
      shown
        .filter(
          ({ frame }) =>
            wanted === "" ||
            JSON.stringify(frame.payload).toLowerCase().includes(wanted) ||
            (frame.stream ?? "").includes(wanted),
        )
        .toReversed(),
    [shown, wanted],
  );
  const missed = paused === null ? 0 : events.filter((event) => event.id > (paused.at(-1)?.id ?? 0)).length;
  const clear = (): void => {
    log.events.clear();
    setPaused(paused === null ? null : []);
  };
  return (
    <>
      <PageHead
        title="Events"
        about="What the server has sent to this page's subscriptions: those of tables and rows that are looked at, and those begun here."
      >
        <button type="button" aria-pressed={paused !== null} onClick={() => setPaused(paused === null ? events : null)}>
          <Icon name={paused === null ? "pause" : "play"} />
          {paused === null ? "Pause" : `Go on${missed > 0 ? ` (${missed} new)` : ""}`}
        </button>
        <button type="button" onClick={clear}>
          <Icon name="clear" />
          Clear
        </button>
      </PageHead>
      <StartWatch />
      <div className="controls">
        <SearchField
          id={id}
          icon="filter"
          label="Filter events"
          placeholder="Filter: a name, a value, a request"
          value={text}
          onChange={setText}
        />
        <span className="muted">{matching.length === 1 ? "1 event" : `${matching.length} events`}</span>
      </div>
      <section className="panel" aria-label="Events">
        {matching.length === 0 && <Notice icon="events" title={shown.length === 0 ? "No events yet." : "No event matches."} />}
        <ol className="event-list">
          {matching.map((event) => (
            <EventItemView
              key={event.id}
              event={event}
              name={resourceNameAt(contract, event.path, event.frame.stream) ?? event.path}
            />
          ))}
        </ol>
      </section>
      <WhyMissed />
    </>
  );
}
