/** Calls `listener` when the device comes online or the page comes into view, where there is such a thing. @returns a function that ends it. */
export function onWake(listener: () => void): () => void {
  const whenVisible = (): void => {
    if (globalThis.document?.visibilityState === "visible") listener();
  };
  globalThis.addEventListener?.("online", listener);
  globalThis.document?.addEventListener?.("visibilitychange", whenVisible);
  return () => {
    globalThis.removeEventListener?.("online", listener);
    globalThis.document?.removeEventListener?.("visibilitychange", whenVisible);
  };
}
