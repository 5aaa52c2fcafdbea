import { sql } from "drizzle-orm";
import { integer, pgTable, timestamp } from "drizzle-orm/pg-core";
import { afterAll, expect, test } from "vitest";
import { CursorPagination } from "../../src/pagination/cursor-pagination.ts";
import type { MessageArguments } from "../../src/protocol/arguments.ts";
import { describeOnPostgres } from "../databases/describe-on-databases.ts";

const events = pgTable("event", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  at: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

class ByTwo extends CursorPagination {
  override readonly pageSize = 2;
}

describeOnPostgres("pages by a moment of which rows show milliseconds only", async (on) => {
  const { db, create, close } = await on.open();
  await create([events]);
  const Event = db.model(events);
  afterAll(close);

  test.each(["at", "-at"])("hold every row once, in the order of %s", async (key) => {
    await Event.objects.delete();
    await db.execute(sql`INSERT INTO event (at) SELECT timestamptz '2024-05-06 07:08:09.1230Z' + n % 7 * interval '300 microseconds'
      FROM generate_series(1, 20) AS n`);
    const queryset = Event.objects.orderByUntrusted([key]);
    const seen: unknown[] = [];
    for (let args: MessageArguments | null = {}; args !== null;) {
      const page = await new ByTwo().paginateQueryset(queryset, args);
      seen.push(...(page.rows ?? []).map((row) => Reflect.get(row, "id")));
      args = page.nextArguments;
    }
    const inOrder = await queryset.orderByUntrusted([key, "id"]).toArray();
    expect(seen).toEqual(inOrder.map((row) => Reflect.get(row, "id")));
    expect(new Set(seen).size).toBe(20);
  });
});
