/** Which channels are in which groups. Empty groups and channels without a group take no room. */
export class GroupTable {
  private readonly channelsOf = new Map<string, Set<string>>();
  private readonly groupsOf = new Map<string, Set<string>>();
  /** Members that nobody receives from, by when they are forgotten; the earliest first. */
  private readonly deadlines = new Map<string, number>();

  /** How many groups have members. */
  get size(): number {
    return this.channelsOf.size;
  }

  /** `deadline` is when the channel is forgotten; null: never. */
  add(group: string, channel: string, deadline: number | null): void {
    link(this.channelsOf, group, channel);
    link(this.groupsOf, channel, group);
    this.deadlines.delete(channel);
    if (deadline !== null) this.deadlines.set(channel, deadline);
  }

  discard(group: string, channel: string): void {
    unlink(this.channelsOf, group, channel);
    unlink(this.groupsOf, channel, group);
    if (!this.groupsOf.has(channel)) this.deadlines.delete(channel);
  }

  membersOf(group: string): Iterable<string> {
    return this.channelsOf.get(group) ?? [];
  }

  /** The channel is received from: it stays. */
  keep(channel: string): void {
    this.deadlines.delete(channel);
  }

  /** Takes the channel out of all its groups. */
  remove(channel: string): void {
    for (const group of this.groupsOf.get(channel) ?? []) unlink(this.channelsOf, group, channel);
    this.groupsOf.delete(channel);
    this.deadlines.delete(channel);
  }

  /** Forgets what is due at `now`. */
  expire(now: number): void {
    for (const [channel, deadline] of this.deadlines) {
      if (deadline > now) return;
      this.remove(channel);
    }
  }
}

function link(table: Map<string, Set<string>>, key: string, value: string): void {
  const values = table.get(key);
  if (values === undefined) table.set(key, new Set([value]));
  else values.add(value);
}

function unlink(table: Map<string, Set<string>>, key: string, value: string): void {
  const values = table.get(key);
  values?.delete(value);
  if (values?.size === 0) table.delete(key);
}
