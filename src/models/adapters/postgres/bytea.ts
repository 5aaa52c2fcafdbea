import { customType } from "drizzle-orm/pg-core";

/** Bytes, a column type that drizzle lacks; the row value is a Buffer. */
export function bytea() {
  return customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" })();
}
