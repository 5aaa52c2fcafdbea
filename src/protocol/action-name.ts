/** The wire name of an action that is declared under a property name: `sendEmail` is called as `send_email`. */
export function toActionName(property: string): string {
  return property
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** As {@link toActionName}, of the types of names. */
export type ActionName<Property extends string> = Lowercase<Parted<Property>>;

type Parted<Left extends string, Before extends string = "", Done extends string = ""> = Left extends `${infer Next}${infer Rest}`
  ? Parted<Rest, Next, `${Done}${IsBoundary<Before, Next, Rest> extends true ? "_" : ""}${Next}`>
  : Done;

type IsBoundary<Before extends string, Next extends string, Rest extends string> =
  IsUpper<Next> extends false
    ? false
    : IsUpper<Before> extends true
      ? StartsLower<Rest>
      : Before extends Digit
        ? true
        : IsLower<Before>;

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type IsUpper<Letter extends string> = Letter extends Lowercase<Letter> ? false : true;
type IsLower<Letter extends string> = Letter extends Uppercase<Letter> ? false : true;
type StartsLower<Text extends string> = Text extends `${infer First}${string}` ? IsLower<First> : false;

/** How the 405 names what came as action: a scalar is printed as Python prints it (DCRF). */
export function printActionName(value: unknown): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  return String(value);
}
