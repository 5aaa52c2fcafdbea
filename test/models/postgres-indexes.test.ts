import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileRows } from "../../src/models/compile-select.ts";
import type { Model } from "../../src/models/model.ts";
import type { AnyQuerySet } from "../../src/models/queryset.ts";
import { openPostgres, type PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { createThings, things } from "./postgres-things.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

describeWith(services.postgres, "an index of PostgreSQL", () => {
  let server: TemporaryPostgres;
  let database: PostgresDatabase;
  let Thing: Model<typeof things>;

  beforeAll(async () => {
    server = await temporaryPostgres();
    database = await openPostgres(server.url);
    await createThings(database);
    for (const name of ["whole", "wide", "label", "short", "price", "at", "moment", "key", "day"])
      await database.execute(sql`CREATE INDEX ON thing (${sql.identifier(name)})`);
    await database.execute(sql`CREATE INDEX ON thing (label COLLATE "C")`);
    Thing = database.model(things);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  /** How the server would find the rows, if it had to avoid reading the whole table. */
  async function planOf(queryset: AnyQuerySet): Promise<string> {
    const { sql: text, params } = compileRows(queryset.model, queryset.query);
    return database.atomic(async () => {
      await database.execute(sql`SET LOCAL enable_seqscan = off`);
      return (await database.statements.all(`EXPLAIN ${text}`, params)).join("\n");
    });
  }

  test.each([
    { pk: 1 },
    { pk__in: [1, 2] },
    { whole: 5 },
    { whole__lt: 20.5 },
    { whole__range: [1, 2] },
    { wide__in: [1, 2 ** 40] },
    { label: "x" },
    { label__in: ["x", "y"] },
    { label__gt: "x" },
    { short: "x" },
    { price__gte: "1.5" },
    { at: new Date() },
    { at__gt: new Date() },
    { at__range: [new Date(0), new Date()] },
    { moment__lt: "2024-05-06T00:00:00Z" },
    { key: "6ba7b810-9dad-11d1-80b4-00c04fd430c8" },
    { day__in: ["2024-05-06"] },
  ])("serves %o", async (lookups) => {
    expect(await planOf(Thing.objects.filterUntrusted(lookups))).toMatch(/Index Cond/);
  });

  test("serves an order: of a key as it is, of texts with the collation C", async () => {
    expect(await planOf(Thing.objects.orderBy("-id").slice(0, 10))).toMatch(/Index Scan Backward/);
    const byKey = await planOf(Thing.objects.filter({ id__gt: 5 }).orderBy("id").slice(0, 10));
    expect(byKey).not.toMatch(/Sort/);
  });
});
