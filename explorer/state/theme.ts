import { Store } from "./store.ts";

/** `system`: as the device is set. */
export type Theme = "system" | "light" | "dark";

const KEY = "restwave-explorer-theme";

export const theme = new Store<Theme>(stored());

/** Shows the page so from now on, also when it is loaded again. */
export function setTheme(next: Theme): void {
  if (next === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  theme.set(next);
  applyTheme();
}

export function applyTheme(): void {
  document.documentElement.dataset["theme"] = theme.get();
}

/** Light after dark, dark after light, whatever the device says. */
export function toggleTheme(): void {
  setTheme(isDark() ? "light" : "dark");
}

function isDark(): boolean {
  const now = theme.get();
  return now === "dark" || (now === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function stored(): Theme {
  const text = localStorage.getItem(KEY);
  return text === "light" || text === "dark" ? text : "system";
}
