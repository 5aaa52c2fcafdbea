import type { ResourceContract } from "restwave/contracts";
import { keyFieldOf } from "../contract/resource-shape.ts";
import { EventList } from "../parts/event-list.tsx";
import { useContract, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";
import { isObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";

interface InstanceEventsProps {
  readonly resource: ResourceContract;
  readonly line: Line;
  readonly stream: string | null;
  readonly rowKey: string | number;
}

/** What this page has heard of one row. */
export function InstanceEvents({ resource, line, stream, rowKey }: InstanceEventsProps) {
  const { contract } = useContract();
  const { log } = useSession();
  const events = useStore(log.events);
  const keyField = keyFieldOf(resource, contract.schemas);
  const own = events.filter(
    ({ path, frame }) => path === line.path && frame.stream === stream && isAbout(frame.data, keyField, rowKey),
  );
  return (
    <section className="panel" aria-label="Events of this row">
      <h2>Events</h2>
      {own.length === 0 && <p className="muted">None since this page was opened.</p>}
      <EventList events={own} />
    </section>
  );
}

function isAbout(data: unknown, keyField: string | null, key: string | number): boolean {
  if (!isObject(data)) return false;
  const value = (keyField === null ? undefined : data[keyField]) ?? data["pk"];
  return String(value) === String(key);
}
