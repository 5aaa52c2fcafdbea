import { type ConsumerSettings, resolveSettings } from "../consumers/settings.ts";
import { actionsOf } from "../consumers/action-registry.ts";
import type { Database } from "../models/database.ts";
import type { AnyModel } from "../models/model.ts";
import { RestwaveError } from "../protocol/exceptions.ts";
import { BoundModelObserver } from "../observers/bound-model-observer.ts";
import type { Routes } from "../routing/route.ts";
import { actionFindings } from "./action-findings.ts";
import { type CheckedConsumer, checkedConsumers } from "./checked-consumer.ts";
import { filterFindings } from "./filter-findings.ts";
import { type Finding, findingAt } from "./finding.ts";
import { indexFindings } from "./index-findings.ts";
import { lookupFindings } from "./lookup-findings.ts";
import { observerFindings, preparationFindings } from "./observer-findings.ts";
import { permissionFindings } from "./permission-findings.ts";
import { relationFindings } from "./relation-findings.ts";
import { routeFindings } from "./route-findings.ts";
import { serializerFindings } from "./serializer-findings.ts";
import { readTables } from "./stored-tables.ts";
import { tableFindings } from "./table-findings.ts";
import { throttleFindings } from "./throttle-findings.ts";

/** How `checkRoutes` looks, with what `serve` is given besides. */
export interface CheckOptions extends Partial<
  Pick<ConsumerSettings, "defaultPermissionClasses" | "defaultThrottleClasses" | "authenticateToken">
> {
  /**
   * Tell of columns without an index while their tables are small too. Default: under `restwave dev`, and where NODE_ENV is `development`.
   */
  readonly development?: boolean;
  /** Ask the databases too. Default true. */
  readonly databases?: boolean;
  /** Put the change log in place for what is observed, to see that it can be. Changes the database. Default false. */
  readonly prepare?: boolean;
}

/**
 * Looks for what cannot work in an application, or not well: a model without a table, a filter that names no column or has no index, an observer
 * that can never fire. It makes an instance of each consumer, for its fields; no hook of a request is called. Databases are only read, unless
 * `prepare` says otherwise.
 *
 * @returns errors first; none when all is well.
 */
export async function checkRoutes(routes: Routes, options: CheckOptions = {}): Promise<readonly Finding[]> {
  const settings = resolveSettings(options);
  const { consumers, findings } = checkedConsumers(routes, settings);
  const known = [...findings, ...routeFindings(routes), ...consumers.flatMap(classFindings)];
  const found = options.databases === false ? known : [...known, ...(await databaseFindings(consumers, options))];
  return found.toSorted((one, other) => Number(one.level === "warning") - Number(other.level === "warning"));
}

function classFindings({ consumer, generic, place }: CheckedConsumer): readonly Finding[] {
  const found = [...actionFindings(consumer), ...permissionFindings(consumer)];
  const actionsAreKnown = !found.some(({ code }) => code === "improperly_configured");
  if (actionsAreKnown) found.push(...throttleFindings(consumer));
  if (generic !== null) found.push(...serializerFindings(generic), ...lookupFindings(generic), ...filterFindings(generic));
  return found.map((one) => findingAt(place, one));
}

async function databaseFindings(consumers: readonly CheckedConsumer[], options: CheckOptions): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const database of databasesOf(consumers)) {
    found.push(...database.models.flatMap(relationFindings));
    found.push(...(await ofDatabase(database, consumers, options)));
  }
  return found;
}

async function ofDatabase(
  database: Database,
  consumers: readonly CheckedConsumer[],
  options: CheckOptions,
): Promise<readonly Finding[]> {
  const development = options.development ?? isDevelopment();
  try {
    const tables = await readTables(database);
    const here = consumers.filter((checked) => isOn(database, checked));
    const written = new Set(here.map(createdModel));
    const broken = [...tables].flatMap(([model, stored]) => tableFindings(model, stored, written.has(model)));
    const found = [...broken, ...here.flatMap((checked) => observerFindings(checked, tables))];
    // The change log is put in place for all models of a database at once.
    const prepares = options.prepare === true && found.length === 0;
    for (const checked of prepares ? here : []) found.push(...(await preparationFindings(checked)));
    const whole = here.filter(({ generic }) => !broken.some(({ model }) => model === generic?.model?.name));
    return [...found, ...(await indexFindings(whole, tables, { smallTables: development }))];
  } catch (error) {
    if (!(error instanceof RestwaveError)) throw error;
    return [away(database, error)];
  }
}

/** The model of which clients make rows there. */
function createdModel({ consumer, generic }: CheckedConsumer): AnyModel | null {
  return [...actionsOf(consumer).values()].some(({ model }) => model === "create") ? (generic?.model ?? null) : null;
}

/** In what is started by `restwave dev`, or says so by the name that everybody uses. */
function isDevelopment(): boolean {
  return process.env["RESTWAVE_DEV"] === "1" || process.env["NODE_ENV"] === "development";
}

function databasesOf(consumers: readonly CheckedConsumer[]): readonly Database[] {
  return [...new Set(consumers.flatMap(modelDatabases))];
}

function isOn(database: Database, checked: CheckedConsumer): boolean {
  return modelDatabases(checked).includes(database);
}

function modelDatabases({ consumer, generic }: CheckedConsumer): readonly Database[] {
  const observed = Object.values(consumer).filter((value) => value instanceof BoundModelObserver);
  const models = [generic?.model ?? null, ...observed.map(({ model }) => model)];
  return models.flatMap((model) => (model === null ? [] : [model.database]));
}

function away({ dialect }: Database, error: RestwaveError): Finding {
  return {
    code: "database_away",
    level: "error",
    message: `The ${dialect.name} database could not be asked, so its tables are not checked: ${error.message}`,
    fix: "Check that the database runs, and that the connection settings are right.",
  };
}
