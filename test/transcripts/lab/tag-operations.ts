import { ArticleTag, db, Tag } from "./database.ts";
import type { Operation } from "./row-operations.ts";

interface Link {
  readonly articleId: number;
  readonly tagId: number;
}

/** What Django's many-to-many managers do, from both sides. */
export const tagOperations: Readonly<Record<string, Operation>> = {
  article_add: ({ pk, tags }) => add(numbers(tags).map((tagId) => ({ articleId: Number(pk), tagId }))),
  article_remove: ({ pk, tags }) => ArticleTag.objects.filter({ articleId: Number(pk), tagId__in: numbers(tags) }).delete(),
  article_clear: ({ pk }) => ArticleTag.objects.filter({ articleId: Number(pk) }).delete(),
  article_set: ({ pk, tags }) => setTags(Number(pk), numbers(tags)),
  tag_add: ({ pk, articles }) => add(numbers(articles).map((articleId) => ({ articleId, tagId: Number(pk) }))),
  tag_remove: ({ pk, articles }) => ArticleTag.objects.filter({ tagId: Number(pk), articleId__in: numbers(articles) }).delete(),
  tag_clear: ({ pk }) => ArticleTag.objects.filter({ tagId: Number(pk) }).delete(),
  tag_delete: ({ pk }) => Tag.objects.filter({ id: Number(pk) }).delete(),
};

function numbers(values: unknown): readonly number[] {
  return Array.isArray(values) ? values.map(Number) : [];
}

/** Links that are there are not made again. */
async function add(links: readonly Link[]): Promise<void> {
  await db.atomic(async () => {
    for (const link of links) {
      if (!(await ArticleTag.objects.filter(link).exists())) await ArticleTag.objects.create(link);
    }
  });
}

async function setTags(articleId: number, tags: readonly number[]): Promise<void> {
  await db.atomic(async () => {
    await ArticleTag.objects.filter({ articleId }).exclude({ tagId__in: tags }).delete();
    await add(tags.map((tagId) => ({ articleId, tagId })));
  });
}
