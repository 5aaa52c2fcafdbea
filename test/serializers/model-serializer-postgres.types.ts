import {
  bigint,
  bigserial,
  boolean,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  serial,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import type { Database } from "../../src/models/database.ts";
import { belongsTo, manyToMany } from "../../src/models/relations.ts";
import { ModelSerializer } from "../../src/serializers/model-serializer.ts";

declare const db: Database;

type Equal<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
function expectTrue<T extends true>(_value?: T): void {}

const mood = pgEnum("mood", ["calm", "wild"]);
const users = pgTable("auth_user", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  username: text().notNull().unique(),
  email: text().notNull().default(""),
  mood: mood().notNull().default("calm"),
  active: boolean().notNull().default(true),
  balance: numeric({ precision: 8, scale: 2 }),
  settings: jsonb().$type<{ dark: boolean }>().notNull(),
  seen: timestamp({ withTimezone: true, mode: "string" }),
  joined: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
const tags = pgTable("tag", { id: serial().primaryKey(), name: text().notNull() });
const articles = pgTable("article", {
  id: bigserial({ mode: "bigint" }).primaryKey(),
  views: bigint({ mode: "number" }).notNull().default(0),
  authorId: integer()
    .notNull()
    .references(() => users.id),
});
const articleTags = pgTable("article_tags", { articleId: bigint({ mode: "bigint" }).notNull(), tagId: integer().notNull() });
const things = pgTable("thing", { id: uuid().primaryKey().defaultRandom(), name: text().notNull() });

const User = db.model(users);
const Tag = db.model(tags);
const Article = db.model(articles, {
  relations: { author: belongsTo(() => User, "authorId"), tags: manyToMany(() => Tag, articleTags, "articleId", "tagId") },
});
const Thing = db.model(things);

// Whoever makes a key, an identity column or a default of the database: it is in the output and not in the input.
class UserSerializer extends ModelSerializer(User, { fields: ["id", "username", "email", "mood", "active"] }) {}
expectTrue<
  Equal<UserSerializer["types"]["out"], { id: number; username: string; email: string; mood: "calm" | "wild"; active: boolean }>
>();
expectTrue<
  Equal<UserSerializer["types"]["in"], { username: string; email?: string; mood?: "calm" | "wild"; active?: boolean }>
>();
class ThingSerializer extends ModelSerializer(Thing, { fields: "__all__" }) {}
expectTrue<Equal<ThingSerializer["types"]["in"], { name: string }>>();
expectTrue<Equal<ThingSerializer["types"]["out"], { id: string; name: string }>>();

// Values of PostgreSQL's own types.
class ValuesSerializer extends ModelSerializer(User, { fields: ["balance", "settings", "seen", "joined"] }) {}
expectTrue<
  Equal<
    ValuesSerializer["types"]["out"],
    { balance: string | null; settings: { dark: boolean }; seen: string | null; joined: string }
  >
>();
expectTrue<Equal<ValuesSerializer["types"]["validated"]["joined"], Date | undefined>>();

// Relations.
class ArticleSerializer extends ModelSerializer(Article, { fields: ["views", "author", "tags"] }) {}
expectTrue<Equal<ArticleSerializer["types"]["out"], { views: number; author: number; tags: number[] }>>();
expectTrue<Equal<ArticleSerializer["types"]["in"], { author: number; views?: number; tags?: number[] }>>();
class ArticleKeySerializer extends ModelSerializer(Article, { fields: ["id"] }) {}
declare const key: ArticleKeySerializer["types"]["out"]["id"];

// @ts-expect-error no such column
ModelSerializer(User, { fields: ["id", "nmae"] });

void [key];
