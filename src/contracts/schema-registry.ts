import type { JsonSchema } from "../protocol/json-schema.ts";

/** Where schemas are kept that are named from elsewhere, within a contract. */
export const SCHEMAS = "#/schemas/";

/** The schemas that several places of a contract share, each under a name of its own. */
export class SchemaRegistry {
  readonly #schemas = new Map<string, JsonSchema>();

  /** Keeps a schema under this name, or under a numbered one where another has it. @returns the reference to it. */
  add(name: string, schema: JsonSchema): JsonSchema {
    return this.addReferring(name, () => schema);
  }

  /** As {@link add}, for a schema that refers to itself: `make` gets the reference that it will have. */
  addReferring(name: string, make: (reference: string) => JsonSchema): JsonSchema {
    for (let count = 1; ; count += 1) {
      const unique = count === 1 ? name : `${name}${count}`;
      const schema = make(SCHEMAS + unique);
      const present = this.#schemas.get(unique);
      if (present !== undefined && JSON.stringify(present) !== JSON.stringify(schema)) continue;
      this.#schemas.set(unique, schema);
      return { $ref: SCHEMAS + unique };
    }
  }

  /** All of them, by name. */
  get schemas(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(this.#schemas);
  }
}
