/** A write of our own client, and how it ended. */
export interface ClientWrite {
  readonly kind: "create" | "patch" | "delete";
  /** Null for a new row. */
  readonly pk: number | null;
  /** Written by nobody else; null for a deletion. */
  readonly title: string | null;
  readonly end: { readonly answer: unknown } | { readonly error: unknown };
}
