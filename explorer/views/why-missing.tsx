import type { ResourceContract } from "restwave/contracts";
import { useId, useState } from "react";
import { keyFromText } from "../contract/resource-shape.ts";
import { Why } from "../parts/why.tsx";
import { useSession } from "../state/session-context.tsx";
import type { JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";

interface WhyMissingProps {
  readonly resource: ResourceContract;
  readonly line: Line;
  readonly stream: string | null;
  readonly args: JsonObject;
}

/** Says of a row that is not in the table which rule keeps it out. */
export function WhyMissing({ resource, line, stream, args }: WhyMissingProps) {
  const { inspector } = useSession();
  const [text, setText] = useState("");
  const id = useId();
  const pk = keyFromText(resource, text.trim());
  const ask = () => {
    const requestId = line.tap.findRequest(stream, "subscribe_list", args)?.requestId;
    return inspector.explainEvent({ tag: line.tag, stream, subscription: JSON.stringify(requestId ?? null), pk });
  };
  return (
    <details className="why-missing">
      <summary>Why is a row not here?</summary>
      <div className="why-missing-body">
        <label className="control" htmlFor={id}>
          <span>{resource.lookup?.argument ?? "pk"}</span>
          <input id={id} value={text} onChange={({ target }) => setText(target.value)} />
        </label>
        {text.trim() !== "" && <Why key={text} ask={ask} label={`Why is ${text.trim()} not here?`} />}
      </div>
    </details>
  );
}
