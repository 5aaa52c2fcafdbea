import { afterAll, afterEach, beforeEach, describe } from "vitest";
import type { Database } from "../../src/models/database.ts";
import type { AnyModel } from "../../src/models/model.ts";
import type { AnyQuerySet } from "../../src/models/queryset.ts";
import { describeIntegrity } from "./contract-integrity.ts";
import { describeLookups } from "./contract-lookups.ts";
import { describeQuerySet } from "./contract-queryset.ts";
import { describeRelations } from "./contract-relations.ts";
import { describeSnapshots } from "./contract-snapshots.ts";
import { describeTransactions } from "./contract-transactions.ts";
import { describeUntrusted } from "./contract-untrusted.ts";
import { describeWrites } from "./contract-writes.ts";

/** An empty database with the contract's tables: `team`, `member` (of a team), `post` (of a member), `tag`, `post_tag`, `pair`. */
export interface ContractDatabase {
  readonly database: Database;
  readonly Team: AnyModel;
  readonly Member: AnyModel;
  readonly Post: AnyModel;
  readonly Tag: AnyModel;
  readonly Pair: AnyModel;
  /** There is no second connection: a write waits for a snapshot to end. */
  readonly oneConnection?: boolean;
  dispose(): Promise<void>;
}

export interface ContractAdapter {
  readonly name: string;
  openDatabase(): Promise<ContractDatabase>;
  /** Called once after all tests, for an adapter whose tests share a database and leave it empty. */
  dispose?(): Promise<void>;
}

/** Gives the database of the running test. */
export type Use = () => ContractDatabase;

/** Proves that an adapter keeps what `models/database.ts` asks of it. */
export function describeModelsContract({ name, openDatabase, dispose }: ContractAdapter): void {
  describe(`models on ${name}`, () => {
    let current: ContractDatabase;
    beforeEach(async () => {
      current = await openDatabase();
    });
    afterEach(() => current.dispose());
    afterAll(() => dispose?.());
    const use: Use = () => current;
    describeQuerySet(use);
    describeLookups(use);
    describeUntrusted(use);
    describeWrites(use);
    describeRelations(use);
    describeIntegrity(use);
    describeTransactions(use);
    describeSnapshots(use);
  });
}

/** Three members, of whom one has no team and no age. */
export async function seedMembers({ Team, Member }: ContractDatabase): Promise<void> {
  await Team.objects.bulkCreate([{ name: "red" }, { name: "blue" }]);
  await Member.objects.bulkCreate([
    { username: "ada", email: "ada@example.com", age: 36, teamId: 1 },
    { username: "Bob", email: "BOB@example.com", age: 20, teamId: 2, isActive: false },
    { username: "cleo", email: "" },
  ]);
}

/** The usernames of a queryset's rows. */
export async function usernames(queryset: AnyQuerySet): Promise<string[]> {
  return (await queryset.toArray()).map((row) => String(row.username));
}
