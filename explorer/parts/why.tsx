import { useState } from "react";
import type { Explanation } from "../../src/explorer/inspection.ts";
import { announce } from "../state/announcer.ts";
import { ExplanationView } from "./explanation-view.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";

type Asked =
  | { readonly kind: "nothing" | "asking" }
  | { readonly kind: "answered"; readonly explanation: Explanation }
  | { readonly kind: "failed"; readonly message: string };

/** A button that asks the server why, and what it answered. */
export function Why({ ask, label = "Why?" }: { ask: () => Promise<Explanation>; label?: string }) {
  const [asked, setAsked] = useState<Asked>({ kind: "nothing" });
  const find = async (): Promise<void> => {
    setAsked({ kind: "asking" });
    try {
      const explanation = await ask();
      setAsked({ kind: "answered", explanation });
      announce(explanation.summary);
    } catch (error) {
      setAsked({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <div className="why">
      <button type="button" className="why-button" disabled={asked.kind === "asking"} onClick={() => void find()}>
        <Icon name="why" />
        {label}
      </button>
      {asked.kind === "answered" && <ExplanationView explanation={asked.explanation} />}
      {asked.kind === "failed" && (
        <Notice tone="warn" title="The server could not tell.">
          {asked.message}
        </Notice>
      )}
    </div>
  );
}
