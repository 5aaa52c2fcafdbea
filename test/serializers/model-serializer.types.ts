import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Database } from "../../src/models/database.ts";
import { belongsTo, manyToMany } from "../../src/models/relations.ts";
import { CharField } from "../../src/serializers/fields/char-field.ts";
import { ChoiceField } from "../../src/serializers/fields/choice-field.ts";
import { EmailField } from "../../src/serializers/fields/email-field.ts";
import { HiddenField } from "../../src/serializers/fields/hidden-field.ts";
import { IntegerField } from "../../src/serializers/fields/integer-field.ts";
import { ListField } from "../../src/serializers/fields/list-field.ts";
import { ManyRelatedField } from "../../src/serializers/fields/many-related-field.ts";
import { nested } from "../../src/serializers/fields/nested-field.ts";
import { PrimaryKeyRelatedField } from "../../src/serializers/fields/primary-key-related-field.ts";
import { SerializerMethodField } from "../../src/serializers/fields/serializer-method-field.ts";
import { SlugRelatedField } from "../../src/serializers/fields/slug-related-field.ts";
import { DateTimeField } from "../../src/serializers/fields/date-time-field.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";
import { Serializer } from "../../src/serializers/serializer.ts";

declare const db: Database;

type Equal<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
function expectTrue<T extends true>(_value?: T): void {}

const users = sqliteTable("auth_user", {
  id: integer().primaryKey({ autoIncrement: true }),
  username: text({ length: 150 }).notNull().unique(),
  email: text().notNull().default(""),
  password: text().notNull(),
  nickname: text(),
  joined: integer({ mode: "timestamp" }).notNull(),
});
const tags = sqliteTable("tag", { id: integer().primaryKey(), name: text().notNull() });
const articles = sqliteTable("article", {
  id: integer().primaryKey(),
  title: text().notNull(),
  authorId: integer()
    .notNull()
    .references(() => users.id),
});
const articleTags = sqliteTable("article_tags", { articleId: integer().notNull(), tagId: integer().notNull() });
const uuidThings = sqliteTable("uuid_thing", {
  id: text()
    .primaryKey()
    .$defaultFn(() => crypto.randomUUID()),
  name: text().notNull(),
});
const countries = sqliteTable("country", { code: text().primaryKey(), name: text().notNull() });

const User = db.model(users);
const Tag = db.model(tags);
const Article = db.model(articles, {
  relations: { author: belongsTo(() => User, "authorId"), tags: manyToMany(() => Tag, articleTags, "articleId", "tagId") },
});
const UuidThing = db.model(uuidThings);
const Country = db.model(countries);

// A write-only field is in the input, not in the output; a made key is in the output, not in the input.
class UserSerializer extends ModelSerializer(User, {
  fields: ["id", "username", "email", "password"],
  extraKwargs: { password: { writeOnly: true } },
}) {
  override async create(validated: UserSerializer["types"]["validated"]) {
    const username: string = validated.username;
    const email: string | undefined = validated.email;
    // @ts-expect-error a made key is not among the validated data
    void validated.id;
    return super.create({ ...validated, username: username + (email ?? ""), password: "hashed" });
  }
}
type UserTypes = UserSerializer["types"];
expectTrue<Equal<UserTypes["out"], { id: number; username: string; email: string }>>();
expectTrue<Equal<UserTypes["in"], { username: string; password: string; email?: string }>>();
expectTrue<Equal<UserTypes["partial"], { username?: string; password?: string; email?: string }>>();
expectTrue<Equal<UserTypes["validated"], { username: string; password: string; email?: string }>>();
expectTrue<Equal<UserTypes["row"], typeof users.$inferSelect>>();

declare const out: UserTypes["out"];
// @ts-expect-error a write-only field is not in the output
void out.password;
const input: UserTypes["in"] = { username: "x", password: "y" };
// @ts-expect-error a required field cannot be left out
const incomplete: UserTypes["in"] = { username: "x" };
// @ts-expect-error a read-only key cannot be sent
const withKey: UserTypes["in"] = { username: "x", password: "y", id: 1 };

// A parameter of an override may also be written out.
class HashingSerializer extends ModelSerializer(User, { fields: ["id", "username", "email", "password", "joined"] }) {
  override async create(validated: { username: string; email?: string; password: string; joined: Date }) {
    return User.objects.create({ ...validated, email: validated.email ?? "" });
  }
}

// Null, dates and names that are left out.
class NicknameSerializer extends ModelSerializer(User, { fields: ["nickname", "joined"] }) {}
expectTrue<Equal<NicknameSerializer["types"]["out"], { nickname: string | null; joined: string }>>();
expectTrue<Equal<NicknameSerializer["types"]["in"], { joined: string; nickname?: string | null }>>();
expectTrue<Equal<NicknameSerializer["types"]["validated"], { joined: Date; nickname?: string | null }>>();

// Options of extraKwargs reach the types.
class KwargsSerializer extends ModelSerializer(User, {
  fields: ["username", "email", "password", "login"],
  extraKwargs: {
    email: { required: true },
    password: { required: false, writeOnly: true },
    login: { source: "username", readOnly: true },
    username: { allowNull: true },
  },
}) {}
expectTrue<Equal<KwargsSerializer["types"]["in"], { username: string | null; email: string; password?: string }>>();
expectTrue<Equal<KwargsSerializer["types"]["out"], { username: string | null; email: string; login: string }>>();

class ReadOnlySerializer extends ModelSerializer(User, { fields: ["username", "email"], readOnlyFields: ["email"] }) {}
expectTrue<Equal<ReadOnlySerializer["types"]["in"], { username: string }>>();

// "__all__" and exclude.
class AllTags extends ModelSerializer(Tag, { fields: "__all__" }) {}
expectTrue<Equal<AllTags["types"]["out"], { id: number; name: string }>>();
class WithoutSecrets extends ModelSerializer(User, { exclude: ["password", "joined", "nickname"] }) {}
expectTrue<Equal<WithoutSecrets["types"]["out"], { id: number; username: string; email: string }>>();

// Keys that a default makes are read-only unless said otherwise; keys that nobody makes are the client's.
class UuidSerializer extends ModelSerializer(UuidThing, { fields: ["id", "name"] }) {}
expectTrue<Equal<UuidSerializer["types"]["in"], { name: string }>>();
class OpenUuidSerializer extends ModelSerializer(UuidThing, {
  fields: ["id", "name"],
  extraKwargs: { id: { readOnly: false, required: false } },
}) {}
expectTrue<Equal<OpenUuidSerializer["types"]["in"], { name: string; id?: string }>>();
class CountrySerializer extends ModelSerializer(Country, { fields: ["code", "name"] }) {}
expectTrue<Equal<CountrySerializer["types"]["in"], { code: string; name: string }>>();

// Relations: the foreign key by its column or by its relation's name, many-to-many as keys.
class ArticleSerializer extends ModelSerializer(Article, { fields: ["id", "title", "authorId", "tags"] }) {}
expectTrue<Equal<ArticleSerializer["types"]["out"], { id: number; title: string; authorId: number; tags: number[] }>>();
expectTrue<Equal<ArticleSerializer["types"]["in"], { title: string; authorId: number; tags?: number[] }>>();
class AuthoredSerializer extends ModelSerializer(Article, { fields: ["title", "author"] }) {}
expectTrue<Equal<AuthoredSerializer["types"]["in"], { title: string; author: number }>>();
expectTrue<Equal<AuthoredSerializer["types"]["validated"], { title: string; authorId: number }>>();
// A foreign key under its relation's name is null where its column can be, and need not be sent then.
const comments = sqliteTable("comment", { id: integer().primaryKey(), articleId: integer(), authorId: integer().notNull() });
const Comment = db.model(comments, {
  relations: { article: belongsTo(() => Article, "articleId"), writer: belongsTo(() => User, "authorId") },
});
class CommentSerializer extends ModelSerializer(Comment, { fields: ["article", "writer"], readOnlyFields: ["writer"] }) {}
expectTrue<Equal<CommentSerializer["types"]["out"], { article: number | null; writer: number }>>();
expectTrue<Equal<CommentSerializer["types"]["in"], { article?: number | null }>>();
expectTrue<Equal<CommentSerializer["types"]["validated"], { articleId?: number | null }>>();

// Declared fields, nested serializers, method fields.
class AddressSerializer extends Serializer({ city: new CharField({ maxLength: 5 }), zip: new IntegerField() }) {}
class LineSerializer extends Serializer({ sku: new CharField(), qty: new IntegerField({ minValue: 1 }) }) {}
class OrderSerializer extends Serializer({
  customer: new EmailField(),
  address: nested(AddressSerializer),
  lines: nested(LineSerializer, { many: true, allowEmpty: false }),
  labels: new ListField({ child: new IntegerField(), required: false }),
  kind: new ChoiceField({ choices: ["a", "b"], default: "a" }),
  secret: new CharField({ writeOnly: true, allowNull: true }),
  made: new DateTimeField({ readOnly: true, valueType: "date" }),
  owner: new HiddenField({ default: ({ context }) => Number(context["userId"]) }),
}) {}
type OrderTypes = OrderSerializer["types"];
expectTrue<
  Equal<
    OrderTypes["out"],
    {
      customer: string;
      address: { city: string; zip: number };
      lines: { sku: string; qty: number }[];
      labels: number[];
      kind: "a" | "b";
      made: string;
    }
  >
>();
expectTrue<
  Equal<
    OrderTypes["in"],
    {
      customer: string;
      address: { city: string; zip: number };
      lines: { sku: string; qty: number }[];
      secret: string | null;
      labels?: number[];
      kind?: "a" | "b";
    }
  >
>();
const kind: OrderTypes["validated"]["kind"] = "b";
const owner: OrderTypes["validated"]["owner"] = 1;
// @ts-expect-error not one of the choices
const wrongKind: OrderTypes["in"]["kind"] = "c";

class RichArticleSerializer extends ModelSerializer(Article, {
  fields: ["id", "author", "tagNames", "shout", "writer"],
  declaredFields: {
    author: nested(UserSerializer, { readOnly: true }),
    tagNames: new ManyRelatedField({ child: new SlugRelatedField({ queryset: Tag.objects, slugField: "name" }), source: "tags" }),
    shout: new SerializerMethodField<string>(),
    writer: new PrimaryKeyRelatedField({ queryset: User.objects, source: "authorId", required: false }),
  },
}) {
  getShout(article: { title: string }): string {
    return article.title.toUpperCase();
  }
}
expectTrue<
  Equal<
    RichArticleSerializer["types"]["out"],
    { id: number; author: { id: number; username: string; email: string }; tagNames: string[]; shout: string; writer: number }
  >
>();
expectTrue<Equal<RichArticleSerializer["types"]["in"], { tagNames: string[]; writer?: number }>>();
expectTrue<Equal<RichArticleSerializer["types"]["validated"], { tags: number[]; authorId?: number }>>();

// Wrong names and options do not compile.
// @ts-expect-error no such column
ModelSerializer(User, { fields: ["id", "nmae"] });
// @ts-expect-error no such option
ModelSerializer(User, { fields: ["id", "email"], extraKwargs: { email: { requierd: true } } });
// @ts-expect-error no such column
ModelSerializer(User, { exclude: ["nmae"] });
// @ts-expect-error not among the fields
ModelSerializer(User, { fields: ["id", "email"], extraKwargs: { username: { required: true } } });
// @ts-expect-error not among the fields
ModelSerializer(User, { fields: ["id", "email"], readOnlyFields: ["username"] });

// getFields knows the names.
class OptionalPassword extends ModelSerializer(User, {
  fields: ["username", "password"],
  extraKwargs: { password: { writeOnly: true } },
}) {
  override getFields() {
    const fields = super.getFields();
    fields.password.required = this.instance === null;
    // @ts-expect-error no such field
    void fields.pasword;
    return fields;
  }
}

void [input, incomplete, withKey, kind, owner, wrongKind, HashingSerializer, OptionalPassword];
