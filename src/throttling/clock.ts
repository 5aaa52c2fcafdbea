/** Tells the time in milliseconds since the epoch; `Date.now` is one. */
export type Clock = () => number;
