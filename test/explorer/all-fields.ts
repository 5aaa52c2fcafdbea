import { z } from "zod";
import { describeRoutes } from "../../src/contracts.ts";
import {
  action,
  AsyncAPIConsumer,
  BigIntegerField,
  BooleanField,
  CharField,
  ChoiceField,
  DateField,
  DateTimeField,
  DecimalField,
  DictField,
  DurationField,
  EmailField,
  FloatField,
  IntegerField,
  JSONField,
  ListField,
  MultipleChoiceField,
  nested,
  path,
  Serializer,
  SlugField,
  TimeField,
  URLField,
  UUIDField,
} from "../../src/index.ts";
import { SerializerSchemas } from "../../src/contracts/serializer-schemas.ts";
import { SchemaRegistry } from "../../src/contracts/schema-registry.ts";
import { serializerKindOf } from "../../src/contracts/serializer-kind.ts";

class LineSerializer extends Serializer({
  article: new CharField({ maxLength: 40, label: "Article" }),
  pieces: new IntegerField({ minValue: 1, maxValue: 99, label: "Pieces" }),
  note: new CharField({ maxLength: 80, required: false, label: "Note" }),
}) {}

class AddressSerializer extends Serializer({
  street: new CharField({ maxLength: 100, label: "Street" }),
  city: new CharField({ maxLength: 60, label: "City" }),
  country: new ChoiceField({ choices: ["AT", "CH", "DE"], default: "AT", label: "Country" }),
}) {}

/** A serializer with a field of each kind. */
export class OrderSerializer extends Serializer({
  id: new IntegerField({ readOnly: true }),
  customerName: new CharField({ maxLength: 60, label: "Customer", helpText: "As it stands on the invoice." }),
  email: new EmailField({ required: false, label: "Email" }),
  homepage: new URLField({ required: false, label: "Homepage" }),
  code: new SlugField({ required: false, allowBlank: true, label: "Code" }),
  password: new CharField({ writeOnly: true, minLength: 8, maxLength: 128, label: "Password" }),
  remarks: new CharField({ maxLength: 4000, required: false, allowBlank: true, label: "Remarks" }),
  nickname: new CharField({ maxLength: 30, required: false, allowNull: true, allowBlank: true, label: "Nickname" }),
  priority: new IntegerField({ minValue: 0, maxValue: 9, default: 3, label: "Priority" }),
  serial: new BigIntegerField({ required: false, label: "Serial" }).limitToColumn(),
  weight: new FloatField({ required: false, allowNull: true, label: "Weight", helpText: "In kilograms." }),
  price: new DecimalField({ maxDigits: 8, decimalPlaces: 2, label: "Price" }),
  urgent: new BooleanField({ default: false, label: "Urgent" }),
  paid: new BooleanField({ label: "Paid" }),
  approved: new BooleanField({ required: false, allowNull: true, label: "Approved" }),
  status: new ChoiceField({ choices: ["open", "packed", "sent"], default: "open", label: "Status" }),
  carrier: new ChoiceField({ choices: ["post", "courier"], required: false, allowNull: true, label: "Carrier" }),
  due: new DateField({ required: false, label: "Due" }),
  at: new TimeField({ required: false, label: "At" }),
  orderedAt: new DateTimeField({ label: "Ordered at" }),
  span: new DurationField({ required: false, label: "Span" }),
  reference: new UUIDField({ required: false, label: "Reference" }),
  tags: new ListField({ child: new CharField({ maxLength: 20 }), required: false, maxLength: 5, label: "Tags" }),
  days: new MultipleChoiceField({ choices: ["mo", "tu", "we"], required: false, label: "Days" }),
  headers: new DictField({ child: new CharField(), required: false, label: "Headers" }),
  extra: new JSONField({ required: false, label: "Extra" }),
  address: nested(AddressSerializer, { label: "Address" }),
  billing: nested(AddressSerializer, { required: false, allowNull: true, label: "Billing address" }),
  lines: nested(LineSerializer, { many: true, label: "Lines" }),
}) {}

/** Its schema, for a whole row or for a part of one. */
export function orderSchema(role: "in" | "partial" = "in") {
  const kind = serializerKindOf(OrderSerializer);
  if (kind === null) throw new TypeError("Expected a serializer.");
  const registry = new SchemaRegistry();
  const schema = new SerializerSchemas(registry, ({ declaration }) => declaration.fields).of(kind, role);
  return { schema, schemas: registry.schemas };
}

const step = z.object({
  title: z.string().max(40),
  get steps() {
    return z.array(step).optional();
  },
});

class PlanConsumer extends AsyncAPIConsumer {
  plan = action(
    {
      input: z.object({
        root: step,
        when: z.union([z.iso.date(), z.literal("now")]),
        shape: z
          .discriminatedUnion("kind", [
            z.object({ kind: z.literal("circle"), radius: z.number().positive() }),
            z.object({ kind: z.literal("box"), width: z.number(), height: z.number() }),
          ])
          .optional(),
        pair: z.tuple([z.number(), z.number()]).optional(),
        limit: z.int().default(10),
      }),
    },
    () => null,
  );
  free = action(() => null);
}

/** The schemas of actions of an application: variants, references to themselves, tuples. */
export function planContract() {
  const contract = describeRoutes([path("ws/", PlanConsumer)]);
  const actions = contract.resources[0]?.actions ?? [];
  const inputOf = (name: string) => actions.find((one) => one.name === name)?.input ?? {};
  return { schemas: contract.schemas, plan: inputOf("plan"), free: inputOf("free") };
}
