/** How a choice is shown. */
export function choiceLabel(value: unknown): string {
  if (value === "") return "(empty text)";
  return typeof value === "string" ? value : JSON.stringify(value);
}
