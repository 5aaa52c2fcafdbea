import { throwUncaught } from "./throw-uncaught.ts";

/** Calls a listener. Its own mistake is no reason to keep the news from the others: it is an uncaught error of its own. */
export function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    throwUncaught(error);
  }
}
