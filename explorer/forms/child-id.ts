/** The id of a part's control. Names may hold what an id in a list of ids cannot, as spaces. */
export function childId(id: string, name: string): string {
  return `${id}-${name.replaceAll(/[^\w-]/g, (letter) => `_${letter.codePointAt(0)?.toString(16) ?? ""}_`)}`;
}
