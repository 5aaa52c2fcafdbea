import type { AnyModel } from "../model.ts";
import type { LoggedTable } from "./change-log-store.ts";

/** The end of a join table that names rows of an observed model. */
export interface JoinEnd {
  readonly model: AnyModel;
  /** Property key in the join table. */
  readonly column: string;
}

/** What is logged, and for whom. */
export interface LogPlan {
  /** By `model.tableSql`. */
  readonly tables: ReadonlyMap<string, LoggedTable>;
  /** By the model that a log entry names: the observed models over its table; none for a mere join table. */
  readonly observed: ReadonlyMap<AnyModel, readonly AnyModel[]>;
  /** By the model of a join table. */
  readonly joins: ReadonlyMap<AnyModel, readonly JoinEnd[]>;
}
