import type { CheckedConsumer } from "./checked-consumer.ts";
import { type Finding, findingAt } from "./finding.ts";
import { type IndexedUse, indexedUses } from "./indexed-uses.ts";
import { MANY_ROWS, type StoredTables } from "./stored-tables.ts";

/** How {@link indexFindings} looks. */
export interface IndexOptions {
  /** Tell of columns of small tables too: they will grow. */
  readonly smallTables: boolean;
}

/** What clients may filter and order by without an index that serves it. @throws what the database throws. */
export async function indexFindings(
  consumers: readonly CheckedConsumer[],
  tables: StoredTables,
  { smallTables }: IndexOptions,
): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  for (const { generic, place } of consumers) {
    const stored = generic?.model === null || generic === null ? undefined : tables.get(generic.model);
    if (generic === null || stored === undefined || stored === null || stored.kind === "view") continue;
    const isLarge = stored.rows > MANY_ROWS;
    for (const use of indexedUses(generic)) {
      if (!isLarge && (!smallTables || use.suggestion === null)) continue;
      const key = use.suggestion?.sql ?? `${use.model.tableSql} ${use.written}`;
      if (findings.has(key) || (await isServed(use))) continue;
      findings.set(key, findingAt(place, use.suggestion === null ? scanning(use) : unindexed(use, isLarge)));
    }
  }
  return [...findings.values()];
}

async function isServed({ queryset, use, model }: IndexedUse): Promise<boolean> {
  if (queryset === null) return false;
  const plan = await model.database.catalog.plan(queryset);
  return use === "ordering" ? plan.sortsByIndex : plan.findsByIndex;
}

function unindexed({ model, written, use, suggestion }: IndexedUse, isLarge: boolean): Finding {
  const verb = use === "ordering" ? "sort" : "read";
  const cost = isLarge ? "It has many rows by now." : "That costs nothing while it is small, and more with each row.";
  return {
    code: "unindexed_column",
    level: "warning",
    model: model.name,
    field: written,
    message: `${written} makes the database ${verb} the whole table ${model.tableSql}: no index serves it. ${cost}`,
    fix: `Add ${suggestion?.drizzle ?? ""} to the table and generate a migration, or run: ${suggestion?.sql ?? ""}`,
  };
}

function scanning({ model, written }: IndexedUse): Finding {
  return {
    code: "scanning_filter",
    level: "warning",
    model: model.name,
    field: written,
    message: `${written} reads every row of ${model.tableSql}, which has more than ${MANY_ROWS.toLocaleString("en")}: no index can serve it.`,
    fix: "Narrow the rows first by something that is indexed (getQueryset), offer exact or in instead, or search in an index made for texts.",
  };
}
