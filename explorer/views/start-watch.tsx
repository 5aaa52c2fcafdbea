import type { ResourceContract } from "restwave/contracts";
import { useState } from "react";
import { actionOf } from "../contract/resource-shape.ts";
import { pathOf } from "../contract/place-path.ts";
import { Icon } from "../parts/icon.tsx";
import { useContract, useLines, useSession } from "../state/session-context.tsx";
import { useStore } from "../state/use-store.ts";

/** Subscribes to all rows of a resource, and shows the subscriptions that were begun by hand. */
export function StartWatch() {
  const { contract } = useContract();
  const { watches, parameters } = useSession();
  const lines = useLines();
  const all = useStore(watches.all);
  const values = useStore(parameters);
  const [chosen, setChosen] = useState("");
  const watchable = contract.resources.filter(
    (resource) => actionOf(resource, "subscribe_list") !== null && pathFor(resource) !== null,
  );
  function pathFor({ places }: ResourceContract): string | null {
    const [place] = places;
    return place === undefined ? null : pathOf(place, values[place.path] ?? {});
  }
  const start = (): void => {
    const resource = watchable.find(({ name }) => name === (chosen || watchable[0]?.name));
    const path = resource === undefined ? null : pathFor(resource);
    if (resource === undefined || path === null) return;
    const stream = resource.places[0]?.stream ?? null;
    watches.start({
      resource: resource.name,
      line: lines.at(path),
      stream,
      action: "subscribe_list",
      args: {},
      unsubscribe: "unsubscribe_list",
    });
  };
  const running = all.filter(({ status }) => status === "subscribing" || status === "subscribed" || status === "failed");
  if (watchable.length === 0 && running.length === 0) return null;
  return (
    <div className="controls" role="group" aria-label="Subscriptions">
      <label className="control" htmlFor="watch-resource">
        <span>Subscribe to</span>
        <select id="watch-resource" value={chosen || watchable[0]?.name} onChange={({ target }) => setChosen(target.value)}>
          {watchable.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" onClick={start}>
        <Icon name="play" />
        Subscribe
      </button>
      {running.map((watch) => (
        <span key={watch.id} className="filter-chip">
          <span
            className={watch.status === "failed" ? "problem" : undefined}
            title={watch.error instanceof Error ? watch.error.message : undefined}
          >
            {watch.resource}.{watch.action} {watch.status === "failed" && "failed"}
          </span>
          <button
            type="button"
            className="quiet square"
            aria-label={`Stop ${watch.resource}.${watch.action}`}
            onClick={() => watches.forget(watch.id)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
    </div>
  );
}
