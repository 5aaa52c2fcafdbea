import { useSession } from "../state/session-context.tsx";
import type { JsonObject } from "../wire/json.ts";
import type { Line } from "../wire/line.ts";
import { Why } from "./why.tsx";

/** "Why?" for a request that was answered with an error. */
export function WhyRefused({ line, stream, frame }: { line: Line; stream: string | null; frame: JsonObject }) {
  const { inspector } = useSession();
  return <Why ask={() => inspector.explainRequest({ tag: line.tag, stream, frame })} />;
}
