/** What a field promises to the type system; no value exists at run time. */
export interface FieldTypes {
  /** The value in the validated data and in the row. */
  readonly internal: unknown;
  /** The value in answers. */
  readonly out: unknown;
  /** The value that a client sends. */
  readonly in: unknown;
}

/** The types of a field made with options `O`: `allowNull` adds null to all three. */
export interface FieldTypesOf<O extends object, Internal, Out = Internal, In = Out> extends FieldTypes {
  readonly internal: OrNull<Internal, O>;
  readonly out: OrNull<Out, O>;
  readonly in: OrNull<In, O>;
  /** The options it was made with: they decide which of the three a serializer has. */
  readonly options: O;
}

type OrNull<Value, O> = O extends { readonly allowNull: true } ? Value | null : Value;

/** The type of a field made without options. */
export type NoOptions = Record<never, never>;
