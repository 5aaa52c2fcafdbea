import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  action,
  AllowAny,
  AsyncAPIConsumer,
  BasePermission,
  belongsTo,
  CharField,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  manyToMany,
  mixins,
  ModelSerializer,
  Multiplexer,
  OrderingFilter,
  path,
  rePath,
  reply,
  ScopedRateThrottle,
  SearchFilter,
  Serializer,
  SerializerMethodField,
} from "../../src/index.ts";
import { checkRoutes, type CheckOptions } from "../../src/checks/check-routes.ts";
import type { ConsumerClass } from "../../src/consumers/connection.ts";
import type { AnyModel } from "../../src/models/model.ts";
import { openSqlite } from "../../src/sqlite.ts";

const people = sqliteTable("person", { id: integer().primaryKey(), name: text().notNull(), secret: text().notNull() });
const pets = sqliteTable("pet", { id: integer().primaryKey(), name: text().notNull(), ownerId: integer() });
const links = sqliteTable("pet_link", { id: integer().primaryKey(), a: integer(), b: integer() });

const db = await openSqlite(":memory:");
const Person = db.model(people);
const Pet = db.model(pets, { relations: { owner: belongsTo(() => Person, "ownerId") } });

class PetSerializer extends ModelSerializer(Pet, { fields: ["id", "name", "owner"] }) {}

/** What is found in the classes alone. */
function found(consumer: ConsumerClass, options: CheckOptions = {}) {
  return checkRoutes([path("pets/", consumer)], { databases: false, ...options });
}

/** Options that TypeScript would not take. */
function pet(options: object): ConsumerClass {
  class PetConsumer extends mixins(
    GenericAsyncAPIConsumer({ queryset: Pet.objects.all(), serializerClass: PetSerializer, ...options }),
    ListModelMixin,
  ) {}
  return PetConsumer;
}

test("nothing is found where nothing is wrong", async () => {
  class PetFilter extends FilterSet(Pet, { fields: { name: ["exact", "icontains"], owner: ["exact"] } }) {}
  const consumer = pet({
    filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter],
    filterSetClass: PetFilter,
    searchFields: ["name"],
    orderingFields: ["name", "id"],
    ordering: ["-id"],
    permissionClasses: [AllowAny],
  });
  expect(await found(consumer)).toEqual([]);
});

describe("routes", () => {
  class AConsumer extends AsyncAPIConsumer {}
  class BConsumer extends AsyncAPIConsumer {}

  async function unreachable(routes: Parameters<typeof checkRoutes>[0]) {
    return (await checkRoutes(routes)).map(({ code, route, message }) => [code, route, message.split("reached: ")[1]]);
  }

  test("one behind another that takes all of its paths is found", async () => {
    expect(await unreachable([path("a/", AConsumer), path("a/", BConsumer)])).toEqual([
      ["unreachable_route", '"a/"', '"a/" stands before it and takes all of its paths.'],
    ]);
    expect(await unreachable([rePath(/^a\/$/, AConsumer), rePath(/^a\/$/, BConsumer)])).toHaveLength(1);
    expect(await unreachable([path("<str:name>/", AConsumer), path("me/", BConsumer)])).toHaveLength(1);
    expect(await unreachable([path("<str:name>/", AConsumer), path("<int:id>/", BConsumer)])).toHaveLength(1);
    expect(await unreachable([rePath(/^ws\//, AConsumer), path("ws/<slug:room>/", BConsumer)])).toHaveLength(1);
    expect(await unreachable([path("api/", [path("a/", AConsumer)]), path("api/a/", BConsumer)])).toHaveLength(1);
  });

  test("one that takes only some of its paths hides nothing", async () => {
    expect(await unreachable([path("me/", AConsumer), path("<str:name>/", BConsumer)])).toEqual([]);
    expect(await unreachable([path("<int:id>/", AConsumer), path("<str:name>/", BConsumer)])).toEqual([]);
    expect(await unreachable([path("<slug:id>/", AConsumer), path("<str:name>/", BConsumer)])).toEqual([]);
    expect(await unreachable([path("api/", [path("a/", AConsumer)]), path("api/b/", BConsumer)])).toEqual([]);
    expect(await unreachable([path("<str:a>/", AConsumer), path("<path:rest>", BConsumer)])).toEqual([]);
  });
});

describe("consumers", () => {
  test("one that cannot be made is found, with what it threw", async () => {
    class NeedsUserConsumer extends AsyncAPIConsumer {
      readonly name = this.scope.user!.id;
    }
    expect(await found(NeedsUserConsumer)).toMatchObject([
      {
        code: "improperly_configured",
        level: "error",
        route: "/pets/",
        consumer: "NeedsUserConsumer",
        message: expect.stringContaining("It threw: "),
      },
    ]);
  });

  test("two members with one action are found; classes without a name are none of a mistake", async () => {
    class Twice extends AsyncAPIConsumer {
      doIt = action({ input: z.object({}) }, async () => reply(null));
      again = action({ input: z.object({}), name: "do_it" }, async () => reply(null));
    }
    expect(await found(Twice)).toMatchObject([{ code: "improperly_configured", message: expect.stringContaining('"do_it"') }]);
    expect(await found(class extends AsyncAPIConsumer {})).toEqual([]);
  });

  test("an action that hides one of the framework's is found; an overridden method is not", async () => {
    class Hiding extends AsyncAPIConsumer {
      finish = action({ input: z.object({}), name: "settle" }, async () => reply(null));
    }
    expect(await found(Hiding)).toMatchObject([{ code: "shadowed_action", level: "warning", field: "finish" }]);
    class Overriding extends mixins(
      GenericAsyncAPIConsumer({ queryset: Pet.objects.all(), serializerClass: PetSerializer }),
      ListModelMixin,
    ) {
      override async list(...args: Parameters<InstanceType<typeof Base>["list"]>) {
        return super.list(...args);
      }
    }
    const Base = mixins(GenericAsyncAPIConsumer({ queryset: Pet.objects.all(), serializerClass: PetSerializer }), ListModelMixin);
    expect(await found(Overriding)).toEqual([]);
  });

  test("one of a multiplexed socket is named by its stream", async () => {
    class EmptyConsumer extends GenericAsyncAPIConsumer({}) {}
    const findings = await found(Multiplexer({ pets: EmptyConsumer }));
    expect(findings).toMatchObject([
      { code: "missing_queryset", route: "/pets/ (stream pets)" },
      { code: "missing_serializer", route: "/pets/ (stream pets)" },
    ]);
  });

  test("one that chooses queryset and serializer per request lacks neither", async () => {
    class ChoosingConsumer extends GenericAsyncAPIConsumer({}) {
      override getQueryset() {
        return Pet.objects.all() as never;
      }
      override getSerializerClass() {
        return PetSerializer;
      }
    }
    expect(await found(ChoosingConsumer)).toEqual([]);
  });
});

describe("permissions and throttles", () => {
  class ObjectsOnly extends BasePermission {
    override hasObjectPermission() {
      return true;
    }
  }

  test("a permission that refuses everything is found, also among the server's own", async () => {
    const expected = [
      {
        code: "permission_refuses_all",
        message: expect.stringContaining("ObjectsOnly"),
        fix: expect.stringContaining("return true"),
      },
    ];
    expect(await found(pet({ permissionClasses: [ObjectsOnly] }))).toMatchObject(expected);
    expect(await found(pet({}), { defaultPermissionClasses: [ObjectsOnly] })).toMatchObject(expected);
  });

  test("an instance in the place of a class is found, and an import that found nothing", async () => {
    expect(await found(pet({ permissionClasses: [new AllowAny()] }))).toMatchObject([
      { code: "not_a_class", field: "permissionClasses[0]", fix: expect.stringContaining("and not new AllowAny()") },
    ]);
    expect(await found(pet({ throttleClasses: [undefined] }))).toMatchObject([
      { code: "not_a_class", fix: expect.stringContaining("circle") },
    ]);
  });

  class Scoped extends ScopedRateThrottle {
    override readonly rates = { burst: "5/s", broken: "5/fortnight" as "5/s" } as const;
  }

  function scoped(throttleScope: string | Record<string, string>, throttleClasses: readonly unknown[] = [Scoped]): ConsumerClass {
    class ScopedConsumer extends mixins(
      GenericAsyncAPIConsumer({ queryset: Pet.objects.all(), serializerClass: PetSerializer }),
      ListModelMixin,
    ) {
      readonly throttleScope = throttleScope;
      override readonly throttleClasses = throttleClasses as never;
    }
    return ScopedConsumer;
  }

  test("a scope without a rate, or with one that cannot be read, is found", async () => {
    expect(await found(scoped({ list: "burst" }))).toEqual([]);
    expect(await found(scoped({ list: "uploads" }))).toMatchObject([
      { code: "throttle_without_rate", message: expect.stringContaining('got "uploads"') },
    ]);
    expect(await found(scoped("broken"))).toMatchObject([
      { code: "throttle_without_rate", message: expect.stringContaining("5/fortnight") },
    ]);
  });

  test("a scope of an action that there is not, and one that nothing reads, are found", async () => {
    expect(await found(scoped({ lsit: "burst" }))).toMatchObject([
      { code: "unknown_throttle_scope", fix: expect.stringContaining("list") },
    ]);
    expect(await found(scoped("burst", []))).toMatchObject([
      { code: "unknown_throttle_scope", fix: expect.stringContaining("ScopedRateThrottle") },
    ]);
  });
});

describe("serializers", () => {
  test("a field that no row has is found, and one behind a relation", async () => {
    class Wrong extends ModelSerializer(Pet, {
      fields: ["id", "nickname", "ownerName", "city"],
      declaredFields: {
        nickname: new CharField(),
        ownerName: new CharField({ source: "owner.name", readOnly: true }),
        city: new CharField({ source: "owner.city", readOnly: true }),
      },
    }) {}
    expect((await found(pet({ serializerClass: Wrong }))).map(({ code, field }) => [code, field])).toEqual([
      ["unknown_serializer_field", "Wrong.nickname"],
      ["unknown_serializer_field", "Wrong.city"],
    ]);
  });

  test("fields that are only written, optional or made by the serializer are no mistake", async () => {
    class Right extends ModelSerializer(Pet, {
      fields: ["id", "password1", "maybe", "shout"],
      declaredFields: {
        password1: new CharField({ writeOnly: true }),
        maybe: new CharField({ required: false }),
        shout: new SerializerMethodField<string>(),
      },
    }) {
      getShout(row: { name: string }) {
        return row.name.toUpperCase();
      }
    }
    expect(await found(pet({ serializerClass: Right }))).toEqual([]);
  });

  test("a method field without its method is found", async () => {
    class Silent extends Serializer({ shout: new SerializerMethodField<string>() }) {}
    expect(await found(pet({ serializerClass: Silent }))).toMatchObject([
      { code: "missing_serializer_method", field: "Silent.shout", fix: expect.stringContaining("getShout(row)") },
    ]);
  });
});

describe("filters, search, ordering and lookups", () => {
  const backends = { filterBackends: [FilterSetBackend, SearchFilter, OrderingFilter] };

  function filterSet(fields: object) {
    class PetFilter extends FilterSet(Pet as AnyModel, { fields }) {}
    return { ...backends, filterSetClass: PetFilter };
  }

  test.each([
    [filterSet({ nmae: ["exact"] }), "unknown_filter_field", 'PetFilter.fields: "nmae" (exact)'],
    [filterSet({ id: ["icontains"] }), "unknown_filter_field", 'PetFilter.fields: "id" (icontains)'],
    [filterSet({ owner__nmae: ["exact"] }), "unknown_filter_field", 'PetFilter.fields: "owner__nmae" (exact)'],
    [{ ...backends, searchFields: ["^nmae"] }, "unknown_search_field", 'searchFields: "^nmae"'],
    [{ ...backends, searchFields: ["id"] }, "unknown_search_field", 'searchFields: "id"'],
    [{ ...backends, orderingFields: ["nmae"] }, "unknown_ordering_field", 'orderingFields: "nmae"'],
    [{ ...backends, ordering: ["-nmae"] }, "unknown_ordering_field", 'ordering: "-nmae"'],
    [filterSet({ owner__name: ["exact"] }), "hidden_field", 'PetFilter.fields: "owner__name" (exact)'],
    [{ ...backends, searchFields: ["owner__secret"] }, "hidden_field", 'searchFields: "owner__secret"'],
    [{ lookupField: "nmae" }, "unknown_lookup_field", 'lookupField: "nmae"'],
  ])("a name that is wrong is found: %#", async (options, code, field) => {
    expect(await found(pet(options))).toMatchObject([
      { code, field, level: "error", route: "/pets/", consumer: "PetConsumer", model: "Pet" },
    ]);
  });

  test("a hidden column that may be guessed is no mistake", async () => {
    expect(await found(pet({ ...filterSet({ owner__name: ["exact"] }), guessableFields: ["owner__name"] }))).toEqual([]);
  });

  test("a lookup by a column that is not unique is a warning", async () => {
    expect(await found(pet({ lookupField: "name" }))).toMatchObject([{ code: "lookup_not_unique", level: "warning" }]);
  });

  test("options that no backend reads are found, unless the application has a backend of its own", async () => {
    const { filterSetClass } = filterSet({});
    const options = { filterSetClass, searchFields: ["name"], orderingFields: ["name"], ordering: ["name"] };
    expect((await found(pet(options))).map(({ code, field }) => [code, field])).toEqual([
      ["missing_filter_backend", "filterSetClass"],
      ["missing_filter_backend", "searchFields"],
      ["missing_filter_backend", "orderingFields"],
      ["missing_filter_backend", "ordering"],
    ]);
    class Own extends SearchFilter {}
    expect(await found(pet({ ...options, filterBackends: [Own] }))).toEqual([]);
  });
});

test("relations that lead nowhere are found", async () => {
  const other = await openSqlite(":memory:");
  const Broken: AnyModel = other.model(pets, {
    relations: {
      owner: belongsTo(() => undefined as never, "ownerId"),
      friends: manyToMany((): AnyModel => Broken, links, "a", "c" as "b"),
    },
  });
  class BrokenSerializer extends ModelSerializer(Broken, { fields: ["id"] }) {}
  class BrokenConsumer extends GenericAsyncAPIConsumer({ queryset: Broken.objects.all(), serializerClass: BrokenSerializer }) {}
  const findings = await checkRoutes([path("pets/", BrokenConsumer)]);
  expect(findings.filter(({ code }) => code === "broken_relation").map(({ field, message }) => [field, message])).toEqual([
    ["owner", 'The relation "owner" of Pet leads to no model, but to undefined.'],
    ["friends", 'The relation "friends" of Pet names "c" of its join table, which has no such column.'],
  ]);
  await other.close();
});
