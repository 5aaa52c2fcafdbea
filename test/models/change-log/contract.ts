import { afterEach, beforeEach, describe } from "vitest";
import type { CommittedTransaction } from "../../../src/models/change-log/change.ts";
import type { ContractDatabase } from "../contract.ts";
import { changesOf as changesOfDatabase } from "./changes-of.ts";
import { describeFeed } from "./contract-feed.ts";
import { describeInstall } from "./contract-install.ts";
import { describeLoggedChanges } from "./contract-logged-changes.ts";
import { describeManyToMany } from "./contract-many-to-many.ts";
import { describePositions } from "./contract-positions.ts";
import { describeSnapshots } from "./contract-snapshots.ts";

/** An empty database with the contract's tables, that others can reach too. */
export interface ChangeLogDatabase extends ContractDatabase {
  /** Runs statements in another process, each committed for itself unless they say otherwise. */
  runElsewhere(sql: string): Promise<void>;
  /** The same database opened once more, as another process of the application would. Closed by `dispose`. */
  openAgain(): Promise<ContractDatabase>;
  /** The text of a position that the log is far from, by that of one that it has reached. */
  ahead(position: string): string;
}

export interface ChangeLogAdapter {
  readonly name: string;
  openDatabase(): Promise<ChangeLogDatabase>;
}

/** Gives the database of the running test. */
export type UseLog = () => ChangeLogDatabase;

/** Proves that an adapter keeps what `change-log-store.ts` and `Database.snapshot` ask of it. */
export function describeChangeLogContract({ name, openDatabase }: ChangeLogAdapter): void {
  describe(`the change log on ${name}`, () => {
    let current: ChangeLogDatabase;
    beforeEach(async () => {
      current = await openDatabase();
    });
    afterEach(() => current.dispose());
    const use: UseLog = () => current;
    describeLoggedChanges(use);
    describeManyToMany(use);
    describePositions(use);
    describeFeed(use);
    describeSnapshots(use);
    describeInstall(use);
  });
}

/** Gives others their turn: work on a database that answers at once never does. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Transactions in short: per transaction its changes as `[model, pk, before, after]`. */
export function inShort(transactions: readonly CommittedTransaction[]): unknown[][] {
  return transactions.map(({ changes }) => changes.map(({ model, pk, before, after }) => [model.name, pk, before, after]));
}

/** What `run` committed, by whomever, as one who stood before it reads it. */
export function changesOf({ database }: ContractDatabase, run: () => Promise<unknown>): Promise<readonly CommittedTransaction[]> {
  return changesOfDatabase(database, run);
}
