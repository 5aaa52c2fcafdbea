import { createElement as h, type ReactElement, Suspense } from "react";
import { useConnectionState, useLiveList, useSuspenseLiveInstance } from "../../../src/react.ts";
import type { BoardClient } from "./connect.ts";
import { all, shown } from "./elements.ts";

/** An application that a server renders. */
export function HydratedApp({ client }: { readonly client: BoardClient }): ReactElement {
  return all(
    h(List, { client }),
    h(Suspense, { fallback: shown("row-waiting", "...") }, h(Row, { client })),
    shown("connection", useConnectionState(client).status),
  );
}

function List({ client }: { readonly client: BoardClient }): ReactElement {
  const { data, status } = useLiveList(client.tasks, { ordering: "title" });
  return all(shown("list", data?.map(({ title }) => title).join() ?? "none"), shown("status", status));
}

function Row({ client }: { readonly client: BoardClient }): ReactElement {
  return shown("row", useSuspenseLiveInstance(client.tasks, 1).data?.title ?? "gone");
}
