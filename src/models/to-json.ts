/** A column's value as JSON holds it. */
export type ToJson<Value> = Value extends Date | Uint8Array ? string : Value extends bigint ? number | bigint : Value;
