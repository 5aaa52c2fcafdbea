import { LiveQuery } from "./live-query.ts";
import type { Begun, RowChange } from "./subscription.ts";

/** How many rows there are. */
export class LiveCount extends LiveQuery<number> {
  #count: number | undefined;

  protected override get visible(): number | undefined {
    return this.#count;
  }

  protected override get answer(): unknown {
    return { count: this.#count };
  }

  protected override takeBegin({ data, goesOn }: Begun): void {
    if (!goesOn) this.#take(data);
  }

  protected override takeChanges(changes: readonly RowChange[]): void {
    for (const { data } of changes) this.#take(data);
  }

  #take(data: unknown): void {
    this.#count = Number(Object(data).count);
  }
}
