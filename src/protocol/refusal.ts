/** Which rule refused a request. */
export interface Refusal {
  readonly by: "permission" | "object_permission" | "throttle";
  /** The class, composed ones as written: `"or(IsAdminUser, IsOwner)"`. */
  readonly name: string;
}

/** Beside the errors and not in them, so that no frame and no log ever tells a client which rule it met. */
const refusals = new WeakMap<object, () => Refusal>();

/** Remembers which rule an error comes from. The name is worked out when somebody asks. */
export function noteRefusal(error: object, refusal: () => Refusal): void {
  refusals.set(error, refusal);
}

/** Which rule an error comes from; null when it comes from none. */
export function refusalOf(error: unknown): Refusal | null {
  if (typeof error !== "object" || error === null) return null;
  return refusals.get(error)?.() ?? null;
}
