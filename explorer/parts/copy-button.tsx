import { useEffect, useState } from "react";
import { announce } from "../state/announcer.ts";
import { Icon } from "./icon.tsx";

/** Puts a text onto the clipboard, and says so for a moment. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [hasCopied, setHasCopied] = useState(false);
  useEffect(() => {
    if (!hasCopied) return;
    const timer = setTimeout(() => setHasCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [hasCopied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setHasCopied(true);
    announce("Copied.");
  };
  return (
    <button type="button" className="quiet" onClick={() => void copy()}>
      <Icon name={hasCopied ? "check" : "copy"} />
      {hasCopied ? "Copied" : label}
    </button>
  );
}
