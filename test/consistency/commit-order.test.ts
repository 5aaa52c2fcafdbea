import pg from "pg";
import { expect, test } from "vitest";
import type { LiveReader } from "./live-reader.ts";
import { describeOnPostgres } from "./on-engines.ts";
import { openedBed, staffReader, whenLive } from "./opened-bed.ts";
import type { TestBed } from "./test-bed.ts";

async function connectTo(bed: TestBed): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: bed.database.address.url });
  await client.connect();
  bed.atEnd(() => client.end());
  return client;
}

const insert = (title: string): string => `INSERT INTO task (title, project) VALUES ('${title}', 1)`;

function titlesOf(reader: LiveReader): unknown[] {
  const entries = reader.lists[0]?.entries ?? [];
  return entries.flatMap((entry) => (entry.kind === "event" && entry.action !== "delete" ? [entry.row["title"]] : []));
}

async function whenSeen(reader: LiveReader, title: string): Promise<void> {
  while (!titlesOf(reader).includes(title)) await reader.whenChanged();
}

describeOnPostgres("when transactions commit in another order than they wrote", () => {
  test(
    "16 that commit in reverse while one stays open all arrive, in the order of their commits",
    { timeout: 60_000 },
    async () => {
      const bed = await openedBed("postgres");
      const reader = staffReader(bed, "reader");
      await whenLive(reader);
      const open = await connectTo(bed);
      await open.query(`BEGIN; ${insert("long")}`);
      const writers: pg.Client[] = [];
      for (let n = 0; n < 16; n += 1) {
        const writer = await connectTo(bed);
        await writer.query(`BEGIN; ${insert(`task ${n}`)}`);
        writers.push(writer);
      }
      for (const [back, writer] of writers.toReversed().entries()) {
        await writer.query("COMMIT");
        await whenSeen(reader, `task ${15 - back}`);
      }
      expect(titlesOf(reader)).toEqual(Array.from({ length: 16 }, (_, n) => `task ${15 - n}`));
      await open.query("COMMIT");
      await whenSeen(reader, "long");
      expect((await bed.verify()).problems).toEqual([]);
    },
  );

  test("one that was open while a reader was away is not skipped when the reader comes back", { timeout: 60_000 }, async () => {
    const bed = await openedBed("postgres");
    const reader = staffReader(bed, "reader");
    await whenLive(reader);
    const [open, other] = [await connectTo(bed), await connectTo(bed)];
    await open.query(`BEGIN; ${insert("long")}`);
    await other.query(insert("short"));
    await whenSeen(reader, "short");
    reader.cut(false);
    await open.query("COMMIT");
    await whenSeen(reader, "long");
    expect((await bed.verify()).problems).toEqual([]);
  });
});
