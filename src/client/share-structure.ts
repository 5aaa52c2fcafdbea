/** `fresh`, with every part that equals its counterpart in `known` taken from there: what has not changed stays the same object. */
export function shareStructure<T>(known: unknown, fresh: T): T {
  return share(known, fresh) as T;
}

function share(known: unknown, fresh: unknown): unknown {
  if (Object.is(known, fresh)) return known;
  if (Array.isArray(known) && Array.isArray(fresh)) return shareItems(known, fresh);
  if (isRecord(known) && isRecord(fresh)) return shareMembers(known, fresh);
  return fresh;
}

function shareItems(known: readonly unknown[], fresh: readonly unknown[]): readonly unknown[] {
  const shared = fresh.map((item, index) => share(known[index], item));
  return known.length === shared.length && shared.every((item, index) => item === known[index]) ? known : shared;
}

type PlainObject = Readonly<Record<string, unknown>>;

function shareMembers(known: PlainObject, fresh: PlainObject): PlainObject {
  const names = Object.keys(fresh);
  const shared = Object.fromEntries(names.map((name) => [name, share(known[name], fresh[name])]));
  const isSame =
    names.length === Object.keys(known).length && names.every((name) => name in known && shared[name] === known[name]);
  return isSame ? known : shared;
}

function isRecord(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
