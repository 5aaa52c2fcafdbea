import type { ListedUser } from "./inspection.ts";
import type { ExplorerOptions, ExplorerUser } from "./explorer-options.ts";

const MAX_LISTED = 50;

/** The users whom the page can be logged in as. */
export class ExplorerUsers {
  readonly #find: NonNullable<ExplorerOptions["users"]>;

  constructor(find: NonNullable<ExplorerOptions["users"]>) {
    this.#find = find;
  }

  async list(search: string): Promise<readonly ListedUser[]> {
    const found = await this.#find(search);
    return found.slice(0, MAX_LISTED).map(({ id, name }) => ({ id, name }));
  }

  /** The user as of now, or null: searched for by name, and known by id. */
  async get({ id, name }: ListedUser): Promise<ExplorerUser | null> {
    const found = await this.#find(name);
    return found.find((user) => user.id === id) ?? null;
  }
}
