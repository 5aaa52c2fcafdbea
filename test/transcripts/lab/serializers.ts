import { ValidationError } from "../../../src/protocol/exceptions.ts";
import { CharField, EmailField, IntegerField, ListField, ModelSerializer, nested, Serializer } from "../../../src/index.ts";
import { Article, Comment, Item, Pair, SlugThing, User, UuidThing } from "./database.ts";

const USERNAME = /^[\w.@+-]+$/;

export class UserSerializer extends ModelSerializer(User, {
  fields: ["id", "username", "email", "password"],
  extraKwargs: { password: { writeOnly: true } },
}) {
  /** Django's own rule for user names. */
  validateUsername(username: string): string {
    if (USERNAME.test(username)) return username;
    throw new ValidationError("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.");
  }
}

const quantity = { minValue: 0, maxValue: 1000 };

export class ItemSerializer extends ModelSerializer(Item, {
  fields: ["id", "name", "quantity", "price", "ratio", "active", "due", "day", "kind", "note", "meta"],
  extraKwargs: { quantity, note: { allowBlank: true } },
}) {}

export class ItemSmallSerializer extends ModelSerializer(Item, {
  fields: ["id", "name", "quantity", "active"],
  extraKwargs: { quantity },
}) {}

export class UuidSerializer extends ModelSerializer(UuidThing, {
  fields: ["id", "name"],
  extraKwargs: { id: { readOnly: false, required: false } },
}) {}

export class SlugSerializer extends ModelSerializer(SlugThing, { fields: ["id", "slug", "title"] }) {}

export class ArticleSerializer extends ModelSerializer(Article, {
  fields: ["id", "title", "tags"],
  extraKwargs: { tags: { required: false } },
}) {}

export class CommentSerializer extends ModelSerializer(Comment, { fields: ["id", "text", "user"] }) {}

export class PairSerializer extends ModelSerializer(Pair, {
  fields: ["id", "left", "right", "label"],
  extraKwargs: { label: { allowBlank: true } },
}) {
  validateLabel(label: string): string {
    if (label === "bad") throw new ValidationError("label may not be bad", "bad_label");
    if (label === "bad2") throw new ValidationError(["first", "second"]);
    return label;
  }

  override validate(attrs: { left?: number; right?: number }): object {
    if (attrs.left !== undefined && attrs.left === attrs.right) throw new ValidationError("left and right must differ");
    if (attrs.left === 99) throw new ValidationError({ left: "99 is reserved", right: ["x", "y"] });
    return attrs;
  }
}

class AddressSerializer extends Serializer({ city: new CharField({ maxLength: 5 }), zip: new IntegerField() }) {}

class LineSerializer extends Serializer({ sku: new CharField(), qty: new IntegerField({ minValue: 1 }) }) {}

export class OrderSerializer extends Serializer({
  customer: new EmailField(),
  address: nested(AddressSerializer),
  lines: nested(LineSerializer, { many: true, allowEmpty: false }),
  labels: new ListField({ child: new IntegerField(), required: false }),
}) {
  override async create(validated: object): Promise<object> {
    return validated;
  }
}
