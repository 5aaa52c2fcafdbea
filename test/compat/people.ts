import {
  action,
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ModelSerializer,
  modelObserver,
  Multiplexer,
  ObserverModelInstanceMixin,
  PatchModelMixin,
  path,
  reply,
  RetrieveModelMixin,
  type Routes,
  UpdateModelMixin,
} from "../../src/index.ts";
import type { TestDatabase } from "../databases/test-database.ts";

/** What a team has that comes from DCRF: a resource with all actions, alone at /people/ and as a stream of /ws/. */
export async function openPeople(on: TestDatabase) {
  const { table, id, text } = on.builder;
  const people = table("person", {
    id: id(),
    name: text({ length: 30 }).notNull(),
    address: text({ length: 60 }).notNull().default(""),
  });
  const { db, create, empty, close } = await on.open();
  await create([people]);
  const Person = db.model(people, { name: "Person" });

  class PersonSerializer extends ModelSerializer(Person, { fields: ["id", "name", "address"] }) {}

  class PersonConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: Person.objects.orderBy("id"), serializerClass: PersonSerializer }),
    ListModelMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
    ObserverModelInstanceMixin,
  ) {
    personActivity = modelObserver(Person);

    // `ordered`, as in DCRF: who subscribes hears of what is written right behind.
    subscribeToActivity = action({ ordered: true }, async (_args, { requestId }) => {
      await this.personActivity.subscribe({ requestId });
      return reply(null, 201);
    });

    unsubscribeFromActivity = action({ ordered: true }, async (_args, { requestId }) => {
      await this.personActivity.unsubscribe({ requestId });
      return reply(null, 204);
    });

    /** DCRF's documented handler: it sends the rows itself, once for each request that subscribed. */
    rows = modelObserver(Person, {
      serializerClass: PersonSerializer,
      handle: async (data, { action: name, subscribingRequestIds }) => {
        for (const requestId of subscribingRequestIds) await this.reply({ data, action: name, requestId });
      },
    });

    subscribeToRows = action({ ordered: true }, async (_args, { requestId }) => {
      await this.rows.subscribe({ requestId });
      return reply(null, 201);
    });
  }

  class KeyedSerializer extends ModelSerializer(Person, { fields: ["pk", "name"], extraKwargs: { pk: { source: "id" } } }) {}

  /** Rows whose key is called `pk`, which is what dcrf-client expects unless it is told otherwise. */
  class KeyedConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: Person.objects.all(), serializerClass: KeyedSerializer }),
    RetrieveModelMixin,
    ObserverModelInstanceMixin,
  ) {}

  const routes = [
    path("people/", PersonConsumer),
    path("ws/", Multiplexer({ people: PersonConsumer, keyed: KeyedConsumer })),
  ] satisfies Routes;
  return { Person, routes, empty: () => empty([people]), close };
}

export type People = Awaited<ReturnType<typeof openPeople>>;
