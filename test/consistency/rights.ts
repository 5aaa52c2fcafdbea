import type { Fenced } from "./fenced.ts";
import type { Peer } from "./peer.ts";
import { PROJECTS } from "./random-tasks.ts";
import type { SeededRandom } from "./seeded-random.ts";

/**
 * Grants that come and go while readers read. After a grant was taken away and the server said so, nothing may come by right of it: what a
 * reader gets after its next round trip is fenced off in its logs.
 */
export class Rights {
  private readonly granted = new Map<number, Set<number>>();
  private readonly readers = new Map<number, Fenced[]>();
  private readonly staff: Peer;
  changes = 0;

  /** @param people whose grants change; they have none at first. */
  constructor(staff: Peer, people: readonly number[]) {
    this.staff = staff;
    for (const person of people) this.granted.set(person, new Set());
  }

  /** Tells of a reader of one of the people, before it is started. */
  watch(person: number, reader: Fenced): void {
    this.readers.set(person, [...(this.readers.get(person) ?? []), reader]);
    reader.deny(this.deniedTo(person));
  }

  async change(random: SeededRandom): Promise<void> {
    const people = [...this.granted.keys()];
    const person = people[random.integer(0, people.length - 1)];
    if (person === undefined) return;
    const project = random.pick(PROJECTS);
    this.changes += 1;
    if (this.granted.get(person)?.has(project) === true) await this.revoke(person, project);
    else await this.grant(person, project);
  }

  private async grant(person: number, project: number): Promise<void> {
    this.granted.get(person)?.add(project);
    for (const reader of this.readers.get(person) ?? []) reader.deny(this.deniedTo(person));
    for (const reader of this.readers.get(person) ?? []) reader.fence();
    await this.staff.demand({ action: "grant", person, project });
  }

  private async revoke(person: number, project: number): Promise<void> {
    await this.staff.demand({ action: "revoke", person, project });
    this.granted.get(person)?.delete(project);
    const readers = this.readers.get(person) ?? [];
    for (const reader of readers) reader.deny(this.deniedTo(person));
    await Promise.all(
      readers.map(async (reader) => {
        if (await reader.echo()) reader.fence();
      }),
    );
  }

  private deniedTo(person: number): number[] {
    return PROJECTS.filter((project) => this.granted.get(person)?.has(project) !== true);
  }
}
