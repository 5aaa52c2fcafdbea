import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PostgresPool } from "../../src/models/adapters/postgres/postgres-pool.ts";
import { foldCase } from "../../src/models/fold-case.ts";
import type { AnyModel } from "../../src/models/model.ts";
import { compilePredicate } from "../../src/models/predicate.ts";
import { not, Q } from "../../src/models/q.ts";
import { openPostgres, PostgresDatabase } from "../../src/postgres.ts";
import { describeWith, services } from "../services.ts";
import { createThings, thingArbitraries, things } from "./postgres-things.ts";
import { expectAgreement, provePredicate, proveTextOrder, type Things } from "./predicate-agreement.ts";
import { temporaryPostgres, type TemporaryPostgres } from "./temporary-postgres.ts";

describeWith(services.postgres, "the in-memory predicate and PostgreSQL", () => {
  let server: TemporaryPostgres;
  let database: PostgresDatabase;
  let Thing: AnyModel;
  const all = (): Things => ({ Thing, values: thingArbitraries });

  beforeAll(async () => {
    server = await temporaryPostgres({ options: "-c synchronous_commit=off -c timezone=Asia/Kolkata -c datestyle=German" });
    database = await openPostgres(server.url);
    await createThings(database);
    Thing = database.model(things);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  test("agree on every row and every lookup", () => provePredicate(all(), 150), 60_000);

  test("sort texts by code point", () => proveTextOrder(all(), "label", 50));

  test("agree on what only other programs write: NaN, infinity, microseconds, JSON null, days before Christ", async () => {
    await Thing.objects.delete();
    await database.execute(sql`INSERT INTO thing (single, ratio, loose, moment, local, at, "localAt", day, "dayDate", payload, document) VALUES
      ('NaN', 'NaN', 'NaN', 'infinity', 'infinity', 'infinity', 'infinity', 'infinity', 'infinity', 'null', ' null '),
      ('-Infinity', '-Infinity', '-Infinity', '-infinity', '-infinity', '-infinity', '-infinity', '-infinity', '-infinity', '{}', '[]'),
      (0.1, 0.1, 'Infinity', '0044-03-15 BC', '0044-03-15 BC', '0044-03-15 BC', '0044-03-15 BC', '0044-03-15 BC', '0044-03-15 BC', '1', '1'),
      (1e-45, 5e-324, 1e-20, '20000-01-01', '20000-01-01', '20000-01-01', '20000-01-01', '20000-01-01', '20000-01-01', NULL, NULL),
      (0, '-0', 0.100, '2024-05-06 05:08:09.1239', '2024-05-06 05:08:09.1239', '2024-05-06 05:08:09.1239', '2024-05-06 05:08:09.1239',
        '2024-05-06', '2024-05-06', '"null"', '"null"'),
      (0, 0, 0.1, '1969-12-31 23:59:59.9999', '1969-12-31 23:59:59.9999', '1969-12-31 23:59:59.9999', '1969-12-31 23:59:59.9999',
        '1969-12-31', '1969-12-31', 'false', 'false')`);
    const rows = await Thing.objects.orderBy("id").toArray();
    const moment = "2024-05-06T05:08:09.123Z";
    const bounds: Record<string, readonly unknown[]> = {
      single: [0, 0.1, Infinity, -Infinity],
      ratio: [0, 0.1, Infinity, -Infinity],
      loose: ["0.1", "0", "99999999999999999999"],
      moment: [moment, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"],
      local: [moment, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
      at: [new Date(moment), new Date("1969-12-31T23:59:59.999Z"), new Date("9999-12-31T23:59:59Z"), new Date(0)],
      localAt: [new Date(moment), new Date("1969-12-31T23:59:59.999Z"), new Date("0001-01-01T00:00:00Z")],
      day: ["2024-05-06", "0001-01-01", "9999-12-31"],
      dayDate: [new Date("2024-05-06"), new Date("2024-05-06T01:00:00Z"), new Date("0001-01-01")],
    };
    for (const [name, values] of Object.entries(bounds)) {
      for (const value of values)
        for (const lookup of ["exact", "gt", "gte", "lt", "lte"]) {
          await expectAgreement(Thing, rows, { [`${name}__${lookup}`]: value });
          await expectAgreement(Thing, rows, not(Q({ [`${name}__${lookup}`]: value })));
        }
      await expectAgreement(Thing, rows, { [`${name}__in`]: values });
      await expectAgreement(Thing, rows, { [`${name}__range`]: values.slice(0, 2) });
    }
    for (const name of ["payload", "document"])
      for (const isNull of [true, false]) await expectAgreement(Thing, rows, { [`${name}__isnull`]: isNull });
  });

  test("fold the case of every character alike", async () => {
    const label = Thing.columns.get("label");
    if (label === undefined) return expect.fail("the table has a label");
    const comparison = database.dialect.operator(label, "iexact").write("letter", () => "$1");
    const folded = comparison.slice(0, comparison.lastIndexOf(" = "));
    const rows = await database.statements.all(
      `SELECT letter, ${folded} FROM generate_series(1, 131071) AS code CROSS JOIN LATERAL (SELECT chr(code) AS letter) AS letters
        WHERE code NOT BETWEEN 55296 AND 57343`,
      [],
    );
    expect(rows.filter(([letter, form]) => foldCase(String(letter)) !== form)).toEqual([]);
  });

  test("leave case to a server that cannot fold it so, which then folds both sides", async () => {
    const limits = { max: 1, connectionTimeout: 10_000, statementTimeout: 10_000, lockTimeout: 10_000 };
    const facts = { foldCase: { fold: (text: string) => `lower(${text})`, agrees: false }, loosely: new Set<string>() };
    const simple = new PostgresDatabase(new PostgresPool(server.url, limits), facts, {
      isolationLevel: "read committed",
      retries: 0,
    });
    const Simple = simple.model(things);
    await Simple.objects.delete();
    await Simple.objects.create({ label: "ÉCOLE" });
    const search = Simple.objects.filter({ label__istartswith: "ECO" });
    expect(await Simple.objects.filter({ label__icontains: "COL" }).count()).toBe(1);
    expect(compilePredicate(Simple, search.query.where)).toBeNull();
    expect(
      compilePredicate(Simple, Simple.objects.filter({ label__contains: "x", label__in: ["x"] }).query.where),
    ).not.toBeNull();
    await simple.close();
  });

  test("leave a mapping of the application's own to the database", () => {
    expect(compilePredicate(Thing, Thing.objects.filter({ custom: "x" }).query.where)).toBeNull();
    expect(compilePredicate(Thing, Thing.objects.exclude(Q({ id: 1 }).and({ custom: "x" })).query.where)).toBeNull();
    expect(compilePredicate(Thing, Thing.objects.filter({ custom__isnull: true }).query.where)).not.toBeNull();
  });
});
