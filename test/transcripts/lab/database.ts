import { belongsTo, manyToMany } from "../../../src/index.ts";
import { chosenDatabase } from "../../databases/chosen-database.ts";
import * as tables from "./tables.ts";

const opened = await chosenDatabase().open();
await opened.create(Object.values(tables));

export const { db } = opened;

// The recorded lists name no order and came in that of the keys; PostgreSQL gives rows in any order then.
const ordering = ["id"];

export const User = db.model(tables.users, { name: "User", ordering });
export const Item = db.model(tables.items, { name: "Item", ordering });
export const UuidThing = db.model(tables.uuidThings, { name: "UuidThing", ordering });
export const SlugThing = db.model(tables.slugThings, { name: "SlugThing", ordering });
export const Tag = db.model(tables.tags, { name: "Tag", ordering });
export const Article = db.model(tables.articles, {
  name: "Article",
  ordering,
  relations: { tags: manyToMany(() => Tag, tables.articleTags, "articleId", "tagId") },
});
/** The links between articles and tags, as rows of their own. */
export const ArticleTag = db.model(tables.articleTags, { name: "ArticleTag" });
export const Comment = db.model(tables.comments, {
  name: "Comment",
  ordering,
  relations: { user: belongsTo(() => User, "userId") },
});
export const Pair = db.model(tables.pairs, { name: "Pair", ordering });

const ALL_TABLES = [
  tables.comments,
  tables.articleTags,
  tables.articles,
  tables.tags,
  tables.items,
  tables.uuidThings,
  tables.slugThings,
  tables.pairs,
  tables.users,
];

/** Removes all rows; keys start at 1 again. */
export const emptyDatabase = (): Promise<void> => opened.empty(ALL_TABLES);

export const emptyItems = (): Promise<void> => opened.empty([tables.items]);

export const closeDatabase = (): Promise<void> => opened.close();
