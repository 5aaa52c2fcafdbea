/** The wire name of an action that is declared under a property name: `sendEmail` is called as `send_email`. */
export function toActionName(property: string): string {
  return property
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** How the 405 names what came as action: a scalar is printed as Python prints it (DCRF). */
export function printActionName(value: unknown): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  return String(value);
}
