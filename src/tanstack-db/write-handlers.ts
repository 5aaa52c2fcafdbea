import type { CollectionConfig } from "@tanstack/db";
import type { LiveResource, SeenWrite } from "./live-resource.ts";

type Handlers = Required<Pick<CollectionConfig<object>, "onInsert" | "onUpdate" | "onDelete">>;

const SEEN: SeenWrite = { waitForChanges: true };

/** Sends what is written to a collection to the server. Each handler is done when the live list has told what became of it. */
export function writeHandlers(resource: LiveResource): Handlers {
  return {
    onInsert: ({ transaction: { mutations } }) =>
      allDone(mutations.map(({ modified }) => resource.create?.(modified, SEEN) ?? cannot("create"))),
    onUpdate: ({ transaction: { mutations } }) =>
      allDone(mutations.map(({ key, changes }) => resource.patch?.(key, changes, SEEN) ?? cannot("patch"))),
    onDelete: ({ transaction: { mutations } }) =>
      allDone(mutations.map(({ key }) => resource.delete?.(key, SEEN) ?? cannot("delete"))),
  };
}

/** Waits for all, so that nothing is shown as it was while a part is on its way. @throws what the first that failed did. */
async function allDone(writes: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(writes);
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

function cannot(action: string): Promise<never> {
  return Promise.reject(new TypeError(`Expected a resource with "${action}"; this one has none.`));
}
