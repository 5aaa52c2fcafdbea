/** Does it matter whether a reader has seen this transaction? */
export type Matters = (transaction: number) => boolean;

/**
 * Has one who stands at `later` seen all that one who stands at `earlier` has? Reads positions without the code that makes them:
 * `epoch:end:distances`. Everything below `end` is seen but for some transactions: the first distance leads from `end` down to the highest
 * of them, the next one from there down to the second, and so on. Behind a tilde a position names the list that it is of.
 *
 * @param matters which transactions are looked at. Default: all.
 */
export function covers(later: string, earlier: string, matters?: Matters): boolean {
  const [all, some] = [parseSeen(later), parseSeen(earlier)];
  if (all.epoch !== some.epoch) return false;
  const isMissed = (id: number): boolean => id < some.end && !some.unseen.has(id) && (matters?.(id) ?? true);
  if ([...all.unseen].some(isMissed)) return false;
  if (matters === undefined) return all.end >= some.end;
  for (let id = all.end; id < some.end; id += 1) if (isMissed(id)) return false;
  return true;
}

interface Seen {
  readonly epoch: string;
  readonly end: number;
  readonly unseen: ReadonlySet<number>;
}

function parseSeen(position: string): Seen {
  const [moment = ""] = position.split("~");
  const [epoch = "", end = "", distances = ""] = moment.split(":");
  const unseen = new Set<number>();
  let at = Number(end);
  for (const distance of distances.split(",")) if (distance !== "") unseen.add((at -= Number(distance)));
  return { epoch, end: Number(end), unseen };
}
