import { createCollection } from "@tanstack/db";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../../src/client.ts";
import {
  CreateModelMixin,
  GenericAsyncAPIConsumer,
  mixins,
  ModelSerializer,
  ObserverModelListMixin,
  path,
  serve,
} from "../../src/index.ts";
import { restwaveCollectionOptions } from "../../src/tanstack-db.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("a row whose key the client makes", (on) => {
  test("keeps it", async () => {
    const { table, text } = on.builder;
    const notes = table("note", { id: text({ length: 36 }).primaryKey(), body: text({ length: 200 }).notNull() });
    const { db, create, close } = await on.open();
    onTestFinished(close);
    await create([notes]);
    const Note = db.model(notes);
    class NoteSerializer extends ModelSerializer(Note, { fields: ["id", "body"] }) {}
    class NoteConsumer extends mixins(
      GenericAsyncAPIConsumer({ queryset: Note.objects.all(), serializerClass: NoteSerializer }),
      ObserverModelListMixin,
      CreateModelMixin,
    ) {}
    const routes = [path("notes/", NoteConsumer)];
    const server = await serve({ routes, port: 0, host: "127.0.0.1", signals: false });
    onTestFinished(() => server.close());
    const client = createClient<typeof routes>(`${server.url}/notes/`, { WebSocket });
    onTestFinished(() => client.close());
    const collection = createCollection(restwaveCollectionOptions({ resource: client }));
    await collection.preload();
    const changes: string[] = [];
    collection.subscribeChanges((found) => changes.push(...found.map(({ type, key }) => `${type} ${key}`)));
    await collection.insert({ id: "n1", body: "Paint" }).when("settled");
    expect(collection.get("n1")).toMatchObject({ body: "Paint", $synced: true });
    expect(await Note.objects.count()).toBe(1);
    // Confirmed, and never gone.
    expect(changes).toEqual(["insert n1", "update n1"]);
  });
});
