/** The values that a choice field takes: a list, or an object of value to a name for people. */
export type Choices = readonly (string | number)[] | Readonly<Record<string, string>>;

/** `["a", "b"]` and `{ a: "Alpha", b: "Beta" }` both give `"a" | "b"`. */
export type ChoiceOf<C> = C extends readonly (infer Value)[] ? Value : keyof C & string;

/** The values, by the text under which a client may name them. */
export function choicesByText(choices: Choices): ReadonlyMap<string, string | number> {
  const values = isList(choices) ? choices : Object.keys(choices);
  return new Map(values.map((value) => [String(value), value]));
}

function isList(choices: Choices): choices is readonly (string | number)[] {
  return Array.isArray(choices);
}
