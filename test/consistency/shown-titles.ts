import type { Row } from "./subscription-log.ts";

interface Return {
  readonly problem: string;
  /** The title that gave way to an older one. */
  readonly gone: unknown;
}

/**
 * Titles that a client gave to rows, as one of its lists shows them, also before the server had them: when a row was shown with another title after
 * that, the old one does not come back, but where the later write was refused.
 */
export class ShownTitles {
  private readonly returns: Return[] = [];
  private readonly name: string;
  private readonly isOwn: (title: unknown) => boolean;
  private readonly last = new Map<unknown, unknown>();
  private readonly past = new Set<string>();

  /** @param isOwn was the title written by this client, with nobody else ever writing it? */
  constructor(name: string, isOwn: (title: unknown) => boolean) {
    this.name = name;
    this.isOwn = isOwn;
  }

  /** @param refused titles whose writes failed. */
  problems(refused: ReadonlySet<unknown> = new Set()): string[] {
    return this.returns.filter(({ gone }) => !refused.has(gone)).map(({ problem }) => problem);
  }

  take(data: unknown): void {
    if (!Array.isArray(data)) return;
    for (const { id, title } of data as readonly Row[]) this.takeTitle(id, title);
  }

  private takeTitle(pk: unknown, title: unknown): void {
    const before = this.last.get(pk);
    if (before === title) return;
    this.last.set(pk, title);
    if (this.isOwn(before)) this.past.add(`${String(pk)} ${String(before)}`);
    if (!this.past.has(`${String(pk)} ${String(title)}`)) return;
    this.returns.push({
      problem: `${this.name}: row ${String(pk)} shows ${String(title)} again, after ${String(before)}`,
      gone: before,
    });
  }
}
