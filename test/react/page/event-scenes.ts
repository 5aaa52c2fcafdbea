import { createElement as h, type ReactElement, useState } from "react";
import { useAction, useEvents, useLiveList, useStream } from "../../../src/react.ts";
import type { BoardClient } from "./connect.ts";
import { all, button, shown, Toggle } from "./elements.ts";

/** What happens to tasks. */
export function events(client: BoardClient): ReactElement {
  const Activity = (): ReactElement => {
    const [seen, setSeen] = useState<readonly string[]>([]);
    const { status, error } = useEvents(client.tasks.events("watch", {}, { unsubscribe: "unwatch" }), (item) =>
      setSeen((before) => [...before, item.kind === "event" ? `${item.action} ${item.data.title}` : item.kind]),
    );
    return all(shown("status", status), shown("seen", seen.join()), shown("error", error?.message ?? "none"));
  };
  return h(Toggle, null, h(Activity));
}

/** A stream whose length is chosen. */
export function streams(client: BoardClient): ReactElement {
  const Count = (): ReactElement => {
    const [to, setTo] = useState(3);
    const { status, items, last, result, stop, restart } = useStream(client.tasks.countTo, { to }, { keep: 4 });
    return all(
      button("many", () => setTo(1_000_000_000)),
      button("stop", stop),
      button("restart", restart),
      shown("status", status),
      shown("items", status === "streaming" ? items.length : items.join()),
      shown("last", last ?? "none"),
      shown("result", result ?? "none"),
    );
  };
  return h(Toggle, null, h(Count));
}

/** A list whose first row is changed before the server has it. */
export function optimistic(client: BoardClient): ReactElement {
  const Tasks = (): ReactElement => {
    const { data, status } = useLiveList(client.tasks, { ordering: "id" });
    const { run, pending } = useAction(client.tasks.patch);
    return all(
      button("paint", () => void run(1, { title: "painted" }, { optimistic: true })),
      shown("titles", data?.map(({ title }) => title).join() ?? "none"),
      shown("status", status),
      shown("pending", pending),
    );
  };
  return h(Tasks);
}
