import { LruCache } from "./lru-cache.ts";

/** Distinct query shapes that a model remembers. Values are not part of a shape, so an application has a few dozen of them. */
const MAX_SHAPES = 500;

/** SQL texts by shape: queries that differ only in their values share one. */
export class ShapeCache {
  readonly #texts = new LruCache<string>(MAX_SHAPES);

  get size(): number {
    return this.#texts.size;
  }

  sql(shape: string, compile: () => string): string {
    const known = this.#texts.get(shape);
    if (known !== undefined) return known;
    const sql = compile();
    this.#texts.set(shape, sql);
    return sql;
  }
}
