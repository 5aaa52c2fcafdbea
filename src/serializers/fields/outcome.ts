/** Stands for "the client did not send this key"; `undefined` cannot, as it is a value that code may pass on. */
export const EMPTY: unique symbol = Symbol("empty");

/** What a field returns to be left out of the validated data or of the representation. */
export const SKIP: unique symbol = Symbol("skip");
