import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ActionsOf, belongsTo, GenericAsyncAPIConsumer, ListModelMixin, mixins, ModelSerializer } from "../../src/index.ts";
import { FilterSet } from "../../src/filters/filter-set.ts";
import { FilterSetBackend } from "../../src/filters/filter-set-backend.ts";
import { connected } from "../consumers/connected.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { TableBuilder } from "../databases/table-builder.ts";
import { openThings } from "../models/sqlite-things.ts";

/** What a client's call takes as `filters`: each value below compiles as such, so the types promise nothing that a server refuses. */
type FiltersIn<Call extends (...args: never[]) => unknown> =
  NonNullable<Parameters<Call>[0]> extends { readonly filters?: infer Filters } ? Filters : never;

const KEY = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const EQUALITY = ["exact", "in"] as const;
const ORDER = [...EQUALITY, "gt", "range", "isnull"] as const;

function eventTables({
  table,
  id,
  text,
  integer,
  real,
  boolean,
  decimal,
  dateTime,
  timestamp,
  date,
  time,
  uuid,
  json,
}: TableBuilder) {
  const places = table("place", { id: id(), name: text() });
  const events = table("event", {
    id: id(),
    seats: integer(),
    ratio: real(),
    open: boolean(),
    state: text({ length: 6, enum: ["open", "closed"] }),
    price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
    starts: dateTime(),
    made: timestamp(),
    day: date(),
    clock: time(),
    key: uuid(),
    meta: json(),
    placeId: integer().references(() => places.id),
  });
  return { places, events };
}

describeOnDatabases("values of filters", async (on) => {
  const { places, events } = eventTables(on.builder);
  const { db, create, close } = await on.open();
  const Place = db.model(places);
  const Event = db.model(events, { relations: { place: belongsTo(() => Place, "placeId") } });

  class EventSerializer extends ModelSerializer(Event, { fields: "__all__" }) {}
  class EventFilter extends FilterSet(Event, {
    fields: {
      id: EQUALITY,
      seats: ORDER,
      ratio: ORDER,
      open: ["exact", "in", "isnull"],
      state: EQUALITY,
      price: ORDER,
      starts: ORDER,
      made: ORDER,
      day: ORDER,
      clock: ORDER,
      key: EQUALITY,
      meta: ["isnull"],
      place__name: ["exact"],
    },
  }) {}
  class EventConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Event.objects.orderBy("id"),
      serializerClass: EventSerializer,
      filterBackends: [FilterSetBackend],
      filterSetClass: EventFilter,
      guessableFields: ["place__name"],
    }),
    ListModelMixin,
  ) {}
  type Filters = FiltersIn<ActionsOf<typeof EventConsumer>["list"]>;

  beforeAll(async () => {
    await create([places, events]);
    const empty = await Event.objects.create({});
    const place = await Place.objects.create({ name: "hall" });
    const full = await Event.objects.create({
      seats: 3,
      ratio: 1.5,
      open: true,
      state: "open",
      price: "12.50",
      starts: "2024-05-06T05:08:09.123456Z",
      made: new Date("2024-05-06T05:08:09.123Z"),
      day: "2024-05-06",
      clock: "05:08:09",
      key: KEY,
      meta: { a: 1 },
      placeId: place.id,
    });
    expect([empty.id, full.id]).toEqual([1, 2]);
  });
  afterAll(() => close());

  const full: readonly Filters[] = [
    { id: 2 },
    { id__in: [2, 3] },
    { seats: 3, seats__exact: 3, seats__in: [3], seats__gt: 2, seats__range: [1, 3] },
    { ratio: 1.5, ratio__gt: 1, ratio__range: [1, 2] },
    { open: true, open__in: [true], open__isnull: false },
    { state: "open", state__in: ["open", "closed"] },
    { price: "12.50", price__in: ["12.5"], price__gt: "12.49", price__range: ["1", "12.50"] },
    { starts: "2024-05-06T05:08:09.123456Z", starts__gt: "2024-05-06T05:08:09Z" },
    { starts__range: ["2024-05-06T00:00:00Z", "2024-05-07T00:00:00+02:00"], starts__in: ["2024-05-06T07:08:09.123456+02:00"] },
    { made: "2024-05-06T05:08:09.123Z", made__gt: "2024-05-06T05:08:09Z", made__in: ["2024-05-06T05:08:09.123000Z"] },
    { made__range: ["2024-05-06T00:00:00Z", "2024-05-07T00:00:00Z"], made__isnull: false },
    { day: "2024-05-06", day__gt: "2024-05-05", day__in: ["2024-05-06"], day__range: ["2024-05-06", "2024-05-06"] },
    { clock: "05:08:09", clock__gt: "05:08", clock__range: ["05:00", "06:00"] },
    { key: KEY, key__in: [KEY.toUpperCase()] },
    { meta__isnull: false },
    { place__name: "hall" },
  ];
  const empty: readonly Filters[] = [
    { seats: null, ratio: null, open: null, state: null, price: null, starts: null, made: null, day: null },
    { clock: null, key__exact: null, meta__isnull: true },
    { place__name: null },
  ];

  test.each([...full.map((filters) => [filters, 2]), ...empty.map((filters) => [filters, 1])])(
    "%j are taken as the types promise",
    async (filters, id) => {
      const socket = await connected(EventConsumer);
      expect(await socket.ask({ action: "list", request_id: 1, filters })).toMatchObject({
        response_status: 200,
        data: [{ id }],
      });
    },
  );
});

describe("values of filters on SQLite's big integers and bytes", async () => {
  const { database, Thing } = await openThings();
  class ThingSerializer extends ModelSerializer(Thing, { fields: ["id", "huge", "blobBig", "bytes"] }) {}
  class ThingFilter extends FilterSet(Thing, {
    fields: { huge: ["exact", "in", "gt"], blobBig: ["exact", "in"], bytes: ["exact", "in", "isnull"] },
  }) {}
  class ThingConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: Thing.objects.all(),
      serializerClass: ThingSerializer,
      filterBackends: [FilterSetBackend],
      filterSetClass: ThingFilter,
    }),
    ListModelMixin,
  ) {}
  type Filters = FiltersIn<ActionsOf<typeof ThingConsumer>["list"]>;

  const HUGE = 2n ** 60n + 1n;
  beforeAll(async () => {
    await Thing.objects.bulkCreate([{}, { huge: HUGE, blobBig: HUGE, bytes: Buffer.from("x") }]);
  });
  afterAll(() => database.close());

  const taken: readonly (readonly [Filters, number])[] = [
    [{ huge: HUGE, huge__in: [1, HUGE], huge__gt: 1 }, 2],
    [{ blobBig: HUGE, blobBig__in: [HUGE] }, 2],
    [{ bytes__isnull: false }, 2],
    [{ huge: null, blobBig: null, bytes: null }, 1],
  ];
  test.each(taken)("%o are taken with all digits", async (filters, id) => {
    const socket = await connected(ThingConsumer);
    expect(await socket.ask(frameOf(filters))).toMatchObject({ response_status: 200, data: [{ id }] });
  });

  test("bytes have no JSON: no value but null is taken, and none compiles", async () => {
    // @ts-expect-error a text is not bytes
    const filters: Filters = { bytes: "eA==" };
    const socket = await connected(ThingConsumer);
    const errors = [{ filters: { bytes: ["Expected bytes."] } }];
    expect(await socket.ask(frameOf(filters))).toMatchObject({ response_status: 400, errors });
  });
});

/** As JSON, integers with all their digits. */
function frameOf(filters: object): string {
  const frame = { action: "list", request_id: 1, filters };
  const marked = JSON.stringify(frame, (_key, value: unknown) => (typeof value === "bigint" ? `bigint:${value}` : value));
  return marked.replaceAll(/"bigint:(\d+)"/g, "$1");
}
