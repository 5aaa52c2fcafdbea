import { createElement as h, memo, type ReactElement, useState } from "react";
import { useLive, useLiveCount, useLiveInstance, useLiveList } from "../../../src/react.ts";
import type { BoardClient } from "./connect.ts";
import { all, button, shown, Toggle } from "./elements.ts";

interface Task {
  readonly id: number;
  readonly title: string;
}

const renders = new Map<string, number>();
const count = (what: string): void => void renders.set(what, (renders.get(what) ?? 0) + 1);
export const rendersOf = (what: string): number => renders.get(what) ?? 0;

const TaskRow = memo(({ task }: { readonly task: Task }) => {
  count(`row ${task.id}`);
  return h("li", null, task.title);
});

/** Two of the same list, each behind a button. */
export function liveList(client: BoardClient): ReactElement {
  const List = ({ id }: { readonly id: string }): ReactElement => {
    const { data, status } = useLiveList(client.tasks, { filters: { done: false }, ordering: "title" });
    count(id);
    return all(
      shown(`${id}-status`, status),
      h(
        "ul",
        { id },
        data?.map((task) => h(TaskRow, { key: task.id, task })),
      ),
    );
  };
  return all(h(Toggle, { id: "toggle-a" }, h(List, { id: "a" })), h(Toggle, { id: "toggle-b" }, h(List, { id: "b" })));
}

/** A list whose filter changes. */
export function changingArguments(client: BoardClient): ReactElement {
  const Lists = (): ReactElement => {
    const [done, setDone] = useState(false);
    const [enabled, setEnabled] = useState(true);
    const plain = useLiveList(client.tasks, { filters: { done } }, { enabled });
    const kept = useLiveList(client.tasks, { filters: { done } }, { enabled, keepPrevious: true });
    const titles = (data: readonly Task[] | undefined): string => data?.map(({ title }) => title).join() ?? "none";
    log.push(`${plain.status} ${titles(plain.data)}, ${kept.isPrevious ? "previous " : ""}${titles(kept.data)}`);
    return all(
      button("done", () => setDone(!done)),
      button("enable", () => setEnabled(!enabled)),
      shown("plain", `${plain.status}: ${titles(plain.data)}`),
      shown("kept", titles(kept.data)),
    );
  };
  return h(Lists);
}

/** What `changingArguments` has rendered. */
export const log: string[] = [];

/** A row that is chosen, and counts. */
export function instanceAndCount(client: BoardClient): ReactElement {
  const Chosen = (): ReactElement => {
    const [pk, choose] = useState<number | undefined>();
    const { data, status, error, retry } = useLiveInstance(client.tasks, pk);
    const open = useLiveCount(client.tasks, { filters: { done: false } });
    const all_ = useLive(client.tasks.liveCount({}));
    return all(
      button("one", () => choose(1)),
      button("missing", () => choose(2)),
      button("retry", retry),
      shown("row", data === null ? "gone" : (data?.title ?? "none")),
      shown("status", status),
      shown("error", error?.message ?? "none"),
      shown("counts", `${open.data} of ${all_.data}`),
    );
  };
  return h(Chosen);
}

/** Pages. */
export function page(client: BoardClient): ReactElement {
  const Page = (): ReactElement => {
    const { data, page: rest } = useLiveList(client.pages, { limit: 2, ordering: "-priority" });
    return shown("page", { titles: data?.map(({ title }) => title), rest });
  };
  return h(Page);
}
