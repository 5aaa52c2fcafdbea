// Compiled by the type check, never run: each line is a promise to a caller.
import { z } from "zod";
import {
  action,
  type ActionsOf,
  CreateModelMixin,
  DeleteModelMixin,
  type ErrorFieldsOf,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  mixins,
  ModelSerializer,
  ObserverModelListMixin,
  PatchModelMixin,
  reply,
  RetrieveModelMixin,
  UpdateModelMixin,
} from "../../src/index.ts";
import type { declareModels } from "../models/sqlite-tables.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Equal<A, B>): void {}

declare const Member: ReturnType<typeof declareModels>["Member"];

class MemberSerializer extends ModelSerializer(Member, {
  fields: ["id", "username", "email"],
  extraKwargs: { email: { writeOnly: true } },
}) {}

class MemberConsumer extends mixins(
  GenericAsyncAPIConsumer({ queryset: Member.objects.all(), serializerClass: MemberSerializer }),
  ListModelMixin,
  RetrieveModelMixin,
  CreateModelMixin,
  UpdateModelMixin,
  PatchModelMixin,
  DeleteModelMixin,
  ObserverModelListMixin,
) {
  invite = action({ input: z.object({ to: z.email(), note: z.string().optional() }) }, async ({ to }) => reply(to));
  move = action({ input: z.object({ data: z.object({ x: z.number() }) }) }, async () => {});
  pay = action({ input: z.union([z.object({ card: z.string() }), z.object({ iban: z.string() })]) }, async () => {});
  count = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
    yield to;
  });
  anything = action(async (input) => input);
}
type Members = ActionsOf<typeof MemberConsumer>;

// A write can fail at each field that can be written, and at several together.
same<ErrorFieldsOf<Members["create"]>, "username" | "email" | "non_field_errors">(true);
same<ErrorFieldsOf<Members["update"]>, "username" | "email" | "pk" | "non_field_errors">(true);
same<ErrorFieldsOf<Members["patch"]>, ErrorFieldsOf<Members["update"]>>(true);
// What only reads can fail at its arguments.
same<ErrorFieldsOf<Members["retrieve"]>, "pk">(true);
same<ErrorFieldsOf<Members["delete"]>, "pk">(true);
type ListNames = "filters" | "search" | "ordering" | "limit" | "offset" | "page" | "page_size" | "cursor";
same<ErrorFieldsOf<Members["list"]>, ListNames>(true);
same<ErrorFieldsOf<Members["subscribeList"]>, ListNames | "since">(true);
// An action of the application fails at what its schema takes, also where that is called data.
same<ErrorFieldsOf<Members["invite"]>, "to" | "note" | "non_field_errors">(true);
same<ErrorFieldsOf<Members["move"]>, "data" | "non_field_errors">(true);
same<ErrorFieldsOf<Members["pay"]>, "card" | "iban" | "non_field_errors">(true);
same<ErrorFieldsOf<Members["count"]>, "to" | "non_field_errors">(true);
// Without a schema, anything may be wrong.
same<ErrorFieldsOf<Members["anything"]>, string>(true);
