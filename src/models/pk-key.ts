/** A primary key as a key of a Map: equal keys are equal as members, bytes, dates and objects by their text. */
export function pkKey(pk: unknown): unknown {
  if (typeof pk !== "object" || pk === null) return pk;
  if (pk instanceof Uint8Array) return `bytes ${Buffer.from(pk).toString("hex")}`;
  return pk instanceof Date ? `date ${pk.getTime()}` : `json ${JSON.stringify(pk)}`;
}
