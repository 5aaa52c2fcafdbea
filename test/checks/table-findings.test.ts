import { expect, test } from "vitest";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import {
  AsyncAPIConsumer,
  GenericAsyncAPIConsumer,
  manyToMany,
  mixins,
  modelObserver,
  ModelSerializer,
  ObserverModelListMixin,
} from "../../src/index.ts";
import { codesOf, findingsOf, listing, opened, run } from "./lab.ts";

describeOnDatabases("checks of tables", (on) => {
  const { builder: t } = on;
  const tasks = t.table("task", { id: t.id(), title: t.text().notNull(), due: t.text() });

  test("a model whose table is not there is named, and the migration makes it go away", async () => {
    const database = await opened(on);
    const consumer = listing(database.db.model(tasks));
    expect(await findingsOf(consumer)).toEqual([
      {
        code: "missing_table",
        level: "error",
        model: "Task",
        message: expect.stringMatching(/^The database has no table .*"task", which Task is made of/),
        fix: expect.stringMatching(/npx drizzle-kit generate.*migrationsFolder/),
      },
    ]);
    await database.create([tasks]);
    expect(await findingsOf(consumer)).toEqual([]);
  });

  test("a column that the table lacks is named", async () => {
    const old = t.table("task", { id: t.id(), title: t.text().notNull() });
    const database = await opened(on, [old]);
    const consumer = listing(database.db.model(tasks));
    expect(await findingsOf(consumer)).toMatchObject([
      {
        code: "missing_column",
        level: "error",
        model: "Task",
        field: "due",
        message: expect.stringContaining('lacks the column "due"'),
      },
    ]);
    await run(database, `ALTER TABLE task ADD COLUMN due text`);
    expect(await findingsOf(consumer)).toEqual([]);
  });

  test("a column that must be given and that the model does not know is named", async () => {
    const newer = t.table("task", {
      id: t.id(),
      title: t.text().notNull(),
      due: t.text(),
      owner: t.text().notNull(),
      kind: t.text().notNull().default("x"),
      note: t.text(),
    });
    const database = await opened(on, [newer]);
    expect(await findingsOf(listing(database.db.model(tasks)))).toMatchObject([
      { code: "unknown_required_column", field: "owner", message: expect.stringContaining("every create fails") },
    ]);
    const again = await opened(on, [newer]);
    expect(await findingsOf(listing(again.db.model(newer)))).toEqual([]);
  });

  test("the table that joins two models is looked for too", async () => {
    const tags = t.table("tag", { id: t.id() });
    const taskTags = t.table("task_tag", { id: t.id(), taskId: t.integer().notNull(), tagId: t.integer().notNull() });
    const database = await opened(on, [tasks, tags]);
    const Tag = database.db.model(tags);
    const Task = database.db.model(tasks, { relations: { tags: manyToMany(() => Tag, taskTags, "taskId", "tagId") } });
    expect(await findingsOf(listing(Task))).toMatchObject([{ code: "missing_table", model: "TaskTag" }]);
  });

  test("an observer of a view can never fire", async () => {
    const done = t.table("done_task", { id: t.id(), title: t.text().notNull(), due: t.text() });
    const database = await opened(on, [tasks]);
    await run(database, "CREATE VIEW done_task AS SELECT * FROM task WHERE due IS NULL");
    const Done = database.db.model(done);
    class DoneSerializer extends ModelSerializer(Done, { fields: "__all__" }) {}
    const generic = GenericAsyncAPIConsumer({ queryset: Done.objects.all(), serializerClass: DoneSerializer });
    class LiveConsumer extends mixins(generic, ObserverModelListMixin) {}
    class FieldConsumer extends AsyncAPIConsumer {
      whenDone = modelObserver(Done);
    }
    expect(await findingsOf(LiveConsumer)).toMatchObject([
      {
        code: "observer_cannot_fire",
        consumer: "LiveConsumer",
        route: "/rows/",
        field: "subscribeList",
        message: expect.stringContaining("is a view"),
      },
    ]);
    expect(await findingsOf(FieldConsumer)).toMatchObject([{ code: "observer_cannot_fire", field: "whenDone" }]);
    expect(await findingsOf(listing(Done))).toEqual([]);
    const Task = database.db.model(tasks);
    class TaskConsumer extends AsyncAPIConsumer {
      whenTask = modelObserver(Task);
    }
    expect(await findingsOf(TaskConsumer)).toEqual([]);
  });

  test("a change log that cannot be put in place is an observer that can never fire", async () => {
    const database = await opened(on, [tasks]);
    // A view in the place of the log's table.
    const [, schema] = /CREATE SCHEMA IF NOT EXISTS (\w+)/.exec((await database.db.changes.script()).join()) ?? [];
    if (schema !== undefined) await run(database, `CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await run(database, `CREATE VIEW ${schema === undefined ? "restwave_change" : `${schema}.change`} AS SELECT 1 AS x`);
    const Task = database.db.model(tasks);
    class TaskConsumer extends AsyncAPIConsumer {
      whenTask = modelObserver(Task);
    }
    expect(await findingsOf(TaskConsumer)).toEqual([]);
    expect(await findingsOf(TaskConsumer, { prepare: true })).toMatchObject([
      { code: "observer_cannot_fire", fix: expect.stringContaining("npx restwave changes") },
    ]);
  });

  test("a database that is away is said, once", async () => {
    const database = await opened(on, [tasks]);
    const consumer = listing(database.db.model(tasks));
    await database.db.close();
    expect(codesOf(await findingsOf(consumer))).toEqual(["database_away"]);
    expect(await findingsOf(consumer, { databases: false })).toEqual([]);
  });
});
