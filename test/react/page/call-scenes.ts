import { createElement as h, type ReactElement, useEffect, useState } from "react";
import { isAPIError } from "../../../src/client.ts";
import {
  RestwaveProvider,
  useAction,
  useClient,
  useConnectionState,
  useList,
  useLiveList,
  useRetrieve,
} from "../../../src/react.ts";
import type { BoardClient } from "./connect.ts";
import { all, button, shown, Toggle } from "./elements.ts";

const titles = (rows: readonly { readonly title: string }[] | undefined): string =>
  rows?.map(({ title }) => title).join() ?? "none";

/** What is read once. */
export function reads(client: BoardClient): ReactElement {
  const Once = (): ReactElement => {
    const [pk, choose] = useState<number | null>(null);
    const list = useList(client.tasks, { ordering: "-title" });
    const row = useRetrieve(client.tasks, pk, { keepPrevious: true });
    const { status: connection } = useConnectionState(client);
    return all(
      button("refetch", list.refetch),
      button("next", () => choose((pk ?? 0) + 1)),
      shown("list", `${list.status}: ${titles(list.data)}`),
      shown("row", `${row.status}: ${row.data?.title ?? "none"}`),
      shown("error", isAPIError(row.error) ? row.error.status : "none"),
      shown("connection", connection),
    );
  };
  return h(Toggle, null, h(Once));
}

/** A form, and an action that never ends. */
export function actions(client: BoardClient): ReactElement {
  const Form = (): ReactElement => {
    const [title, setTitle] = useState("");
    const [controller] = useState(() => new AbortController());
    const create = useAction(client.tasks.create);
    const wait = useAction(client.tasks.waitForEver);
    const { run } = create;
    useEffect(() => {
      runs.add(run);
    }, [run]);
    return all(
      h("input", { value: title, onChange: ({ target }: { target: HTMLInputElement }) => setTitle(target.value) }),
      button("create", () => void create.run({ title })),
      button("reset", create.reset),
      shown("created", create.data?.title ?? "none"),
      shown("pending", create.pending),
      shown("error", create.error?.message ?? "none"),
      shown("title-errors", create.fieldErrors.title ?? "none"),
      button("wait", () => void wait.run({}, { signal: controller.signal })),
      button("abort", () => controller.abort(new TypeError("enough"))),
      shown("waiting", wait.pending),
      shown("wait-error", wait.error?.message ?? "none"),
    );
  };
  return h(Form);
}

/** Every `run` that a form was given. */
export const runs = new Set<unknown>();

/** The connection, and a list on it. */
export function connection(client: BoardClient): ReactElement {
  const State = (): ReactElement => {
    const state = useConnectionState();
    const { data, status } = useLiveList(useClient().tasks);
    return all(shown("connection", state.status), shown("status", status), shown("titles", titles(data)));
  };
  return h(RestwaveProvider, { client }, h(State));
}
