import { createElement as h, type ReactElement, type ReactNode, Suspense, startTransition, useEffect, useState } from "react";
import {
  useSuspenseList,
  useSuspenseLiveCount,
  useSuspenseLiveInstance,
  useSuspenseLiveList,
  useSuspenseRetrieve,
} from "../../../src/react.ts";
import { Boundary } from "./boundary.ts";
import type { BoardClient } from "./connect.ts";
import { all, button, shown } from "./elements.ts";

const waiting = (id: string, children: ReactNode): ReactElement => h(Suspense, { fallback: h(Waiting, { id }) }, children);

/** Every fallback that was shown. */
export const waited = new Set<string>();

function Waiting({ id }: { readonly id: string }): ReactElement {
  useEffect(() => void waited.add(id), [id]);
  return shown(`${id}-waiting`, "...");
}

const titles = (rows: readonly { readonly title: string }[]): string => rows.map(({ title }) => title).join();

/** A list that waits for its rows; its filter changes in a transition. */
export function suspenseLists(client: BoardClient): ReactElement {
  const Live = ({ done }: { readonly done: boolean }): ReactElement => {
    const { data, status } = useSuspenseLiveList(client.tasks, { filters: { done } });
    const count = useSuspenseLiveCount(client.tasks, { filters: { done } });
    return all(shown("live", titles(data)), shown("status", status), shown("count", count.data));
  };
  const Once = (): ReactElement => {
    const { data, refetch } = useSuspenseList(client.tasks, { ordering: "-id" });
    return all(shown("once", titles(data)), button("refetch", refetch));
  };
  const Both = (): ReactElement => {
    const [done, setDone] = useState(false);
    const flip = (): void => setDone(!done);
    return all(
      button("done", flip),
      button("done-later", () => startTransition(flip)),
      waiting("live", h(Live, { done })),
      waiting("once", h(Once)),
    );
  };
  return h(Both);
}

/** A row that is not there yet. */
export function suspenseRow(client: BoardClient): ReactElement {
  const Live = (): ReactElement => shown("row", useSuspenseLiveInstance(client.tasks, 1).data?.title ?? "gone");
  return h(Boundary, null, waiting("row", h(Live)));
}

export function suspenseRetrieve(client: BoardClient): ReactElement {
  const Once = (): ReactElement => shown("row", useSuspenseRetrieve(client.tasks, 1).data.title);
  return h(Boundary, null, waiting("row", h(Once)));
}
