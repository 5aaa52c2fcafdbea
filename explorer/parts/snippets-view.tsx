import type { ActionContract, ResourceContract } from "restwave/contracts";
import { useState } from "react";
import { parametersOf } from "../contract/place-path.ts";
import { snippets } from "../snippets/snippets.ts";
import { useContract } from "../state/session-context.tsx";
import type { JsonObject } from "../wire/json.ts";
import { CopyButton } from "./copy-button.tsx";
import { Tabs } from "./tabs.tsx";

interface SnippetsViewProps {
  readonly path: string;
  readonly stream: string | null;
  readonly resource: ResourceContract;
  readonly action: ActionContract;
  readonly args: JsonObject;
}

/** The request as code to copy. */
export function SnippetsView({ path, stream, resource, action, args }: SnippetsViewProps) {
  const { httpPrefix } = useContract();
  const [selected, setSelected] = useState("");
  // Behind a route with parameters the HTTP binding has the resource below the route.
  const isBelow = resource.places.some((place) => place.stream === stream && parametersOf(place).length > 0);
  const httpBase = isBelow ? `${path}${resource.name}/` : undefined;
  const made = snippets({ origin: location.origin, path, stream, resource: resource.name, action, args, httpPrefix, httpBase });
  const shown = made.find(({ id }) => id === selected) ?? made[0];
  if (shown === undefined) return null;
  return (
    <Tabs label="Copy as" tabs={made} selected={shown.id} onSelect={setSelected}>
      <div className="snippet">
        <pre className="code" tabIndex={0} role="region" aria-label={`${shown.label} code`}>
          {shown.code}
        </pre>
        <CopyButton text={shown.code} />
      </div>
    </Tabs>
  );
}
