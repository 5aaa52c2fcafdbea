import type { LoggedEvent } from "../wire/tap.ts";
import { EventItemView } from "./event-item-view.tsx";

const MAX_SHOWN = 50;

/** The last events, newest first. */
export function EventList({ events, label }: { events: readonly LoggedEvent[]; label?: string }) {
  return (
    <ol className="event-list" aria-label={label}>
      {events
        .slice(-MAX_SHOWN)
        .toReversed()
        .map((event) => (
          <EventItemView key={event.id} event={event} />
        ))}
    </ol>
  );
}
