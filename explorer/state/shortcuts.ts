import { useEffect } from "react";
import { navigate } from "../router/location.ts";
import { hrefOf } from "../router/route.ts";
import { Store } from "./store.ts";
import { toggleTheme } from "./theme.ts";

const STORED = "restwave-explorer-shortcuts";

/** Whether single keys do something: who dictates what they type turns them off. */
export const shortcutsOn = new Store(localStorage.getItem(STORED) !== "off");
shortcutsOn.subscribe(() => localStorage.setItem(STORED, shortcutsOn.get() ? "on" : "off"));

/** What there is, for the help. */
export const KEYS: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ["?"], does: "Show the keys" },
  { keys: ["/"], does: "Search or filter the view" },
  { keys: ["n"], does: "New row" },
  { keys: ["l"], does: "Call as somebody else" },
  { keys: ["t"], does: "Light or dark" },
  { keys: ["g", "o"], does: "Go to the overview" },
  { keys: ["g", "e"], does: "Go to the events" },
  { keys: ["g", "c"], does: "Go to the console" },
  { keys: ["g", "n"], does: "Go to the connections" },
  { keys: ["Esc"], does: "Close a dialog" },
  { keys: ["↑", "↓"], does: "In the console: what was sent before" },
];

const GOES: Readonly<Record<string, "overview" | "events" | "console" | "connections">> = {
  o: "overview",
  e: "events",
  c: "console",
  n: "connections",
};

/** Listens to single keys, outside of fields and dialogs. */
export function useShortcuts(showHelp: () => void): void {
  useEffect(() => {
    let isGoing = false;
    const press = (event: KeyboardEvent): void => {
      if (
        !shortcutsOn.get() ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target) ||
        document.querySelector("dialog[open]") !== null
      )
        return;
      const view = isGoing ? GOES[event.key] : undefined;
      isGoing = event.key === "g";
      if (view !== undefined) navigate(hrefOf({ view }));
      else if (event.key === "?") showHelp();
      else if (event.key === "t") toggleTheme();
      else if (!trigger(event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [showHelp]);
}

/** Goes to what the view has under a key: a field is focused, a button pressed. */
function trigger(key: string): boolean {
  const found = document.querySelector<HTMLElement>(`[data-shortcut="${CSS.escape(key)}"]`);
  if (found === null) return false;
  found.focus();
  if (found instanceof HTMLButtonElement) found.click();
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}
