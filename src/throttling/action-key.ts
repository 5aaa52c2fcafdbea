/** Longest action name that gets a counter of its own. */
const MAX_ACTION_LENGTH = 64;

/** The action's part of a key. A client chooses the text, so names too long to be real share one counter. */
export function actionKey(action: string): string {
  return action.length <= MAX_ACTION_LENGTH ? action : "(long)";
}
