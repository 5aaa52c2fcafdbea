/** The keys that are written out: without those of an index signature. */
type KnownName<T> = keyof { [K in keyof T as string extends K ? never : number extends K ? never : K]: 0 } & string;

/** Distributes: a client may send any of a union. */
type NameIn<T> = T extends unknown ? keyof T & string : never;

/**
 * A model action takes other arguments too, and its serializer's errors stand by the names in `data`; an action of the application says all
 * that it takes, and errors stand by the names of its input itself.
 */
type NamesOf<Input> = Input extends object
  ? string extends keyof Input
    ? KnownName<Input> extends never
      ? string
      : | Exclude<KnownName<Input>, "data">
        | (Input extends { readonly data: infer Data } ? NameIn<Data> | "non_field_errors" : never)
    : (keyof Input & string) | "non_field_errors"
  : never;

/**
 * The names under which a call's 400 can have messages, from the call's type:
 *
 * ```ts
 * type Users = ActionsOf<typeof UserConsumer>;
 * type Names = ErrorFieldsOf<Users["create"]>; // "username" | "email" | "non_field_errors"
 * ```
 *
 * For `create`, `update` and `patch` those of the fields that can be written, for an action with an input schema those of the schema, and
 * `"non_field_errors"` for what concerns several; for the others the names of their arguments: `"pk"`, `"filters"`. Any text where the call takes
 * anything. A server may use other names all the same, in a `ValidationError` of its own.
 */
export type ErrorFieldsOf<Call> = Call extends (...args: infer Args) => unknown
  ? Args extends [(infer Input)?, ...unknown[]]
    ? NamesOf<Input>
    : never
  : never;
