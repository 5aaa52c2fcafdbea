import { Store } from "./store.ts";

/** What a screen reader is to say next. */
export const announcement = new Store("");

/** Says it politely. The same sentence twice is said twice. */
export function announce(text: string): void {
  announcement.set(announcement.get() === text ? `${text}\u00a0` : text);
}
