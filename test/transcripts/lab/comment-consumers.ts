import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { action, GenericAsyncAPIConsumer, modelObserver, reply, type RequestId } from "../../../src/index.ts";
import type { ObservedChange } from "../../../src/index.ts";
import { toActionName } from "../../../src/protocol/action-name.ts";
import { Article, Comment, User } from "./database.ts";
import { SECRET } from "./failures.ts";
import { ArticleSerializer, CommentSerializer, UserSerializer } from "./serializers.ts";

const userPk = z.object({ user_pk: z.number() });

interface OfUser {
  readonly userPk: number;
}

/** What the recorded handlers show: the message, what they were called with, and the names of the rest. */
export function shown(
  handler: string,
  message: unknown,
  { subscribingRequestIds, action: kind, ...change }: ObservedChange,
): object {
  const { observer: _observer, position: _position, ...rest } = change;
  return {
    h: handler,
    message,
    action: kind,
    subscribing_request_ids: sortedIds(subscribingRequestIds),
    message_type: change.messageType,
    kwargs: Object.keys(rest).map(toActionName).toSorted(),
  };
}

export function sortedIds(ids: readonly RequestId[]): readonly RequestId[] {
  const texts = ids.map((id) => ({ id, text: String(id) }));
  return texts.toSorted((left, right) => (left.text < right.text ? -1 : 1)).map(({ id }) => id);
}

/** Six observers of one model. */
export class ModelObserverConsumer extends GenericAsyncAPIConsumer({
  queryset: Comment.objects.all(),
  serializerClass: CommentSerializer,
}) {
  pkActivity = modelObserver(Comment, {
    handle: (message, change) => this.sendJson(shown("pk_activity", message, change)),
  });
  subscribePk = action(async (_args, { requestId }) => {
    await this.pkActivity.subscribe({ requestId });
    return reply(null, 201);
  });
  subscribePkAnon = action(async () => {
    await this.pkActivity.subscribe();
    return reply(null, 201);
  });
  unsubscribePk = action(async (_args, { requestId }) => {
    await this.pkActivity.unsubscribe({ requestId });
    return reply(null, 204);
  });
  unsubscribePkAll = action(async () => {
    await this.pkActivity.unsubscribe();
    return reply(null, 204);
  });

  fullActivity = modelObserver(Comment, {
    serializerClass: CommentSerializer,
    handle: (message, change) => this.replyToEach(message, change),
  });
  subscribeFull = action(async (_args, { requestId }) => {
    await this.fullActivity.subscribe({ requestId });
  });
  unsubscribeFull = action(async (_args, { requestId }) => {
    await this.fullActivity.unsubscribe({ requestId });
  });

  serActivity = modelObserver(Comment, {
    serialize: async (comment, kind) => {
      const [data] = await CommentSerializer.representMany([comment]);
      return { data, action: kind, pk: comment.id };
    },
    handle: async (message, { subscribingRequestIds }) => {
      for (const id of sortedIds(subscribingRequestIds)) await this.sendJson({ request_id: id, ...message });
    },
  });
  subscribeSer = action(async (_args, { requestId }) => {
    await this.serActivity.subscribe({ requestId });
  });

  userActivity = modelObserver(Comment, {
    serializerClass: CommentSerializer,
    groupsForSignal: (comment) => [`-user__${comment.userId}`],
    groupsForConsumer: ({ userPk: pk }: OfUser) => [`-user__${pk}`],
    handle: (message, change) => this.replyToEach(message, change),
  });
  subscribeUser = action({ input: userPk }, async ({ user_pk: pk }, { requestId }) => {
    await this.userActivity.subscribe({ requestId, userPk: pk });
    return reply(null, 201);
  });
  unsubscribeUser = action({ input: userPk }, async ({ user_pk: pk }, { requestId }) => {
    await this.userActivity.unsubscribe({ requestId, userPk: pk });
    return reply(null, 204);
  });

  twoGroups = modelObserver(Comment, {
    groupsForSignal: (comment) => ["-all", `-pk__${comment.id}`],
    groupsForConsumer: ({ pk }: { readonly pk?: number | undefined }) => (pk === undefined ? ["-all"] : ["-all", `-pk__${pk}`]),
    handle: async (message, { action: kind, subscribingRequestIds }) => {
      const ids = sortedIds(subscribingRequestIds);
      await this.sendJson({ h: "two_groups", message, action: kind, subscribing_request_ids: ids });
    },
  });
  subscribeTwo = action({ input: z.object({ pk: z.number().optional() }) }, async ({ pk }, { requestId }) => {
    await this.twoGroups.subscribe({ requestId, pk });
    return reply(null, 201);
  });

  boomActivity = modelObserver(Comment, {
    handle: () => {
      throw new TypeError(SECRET);
    },
  });
  subscribeBoom = action(async (_args, { requestId }) => {
    await this.boomActivity.subscribe({ requestId });
    return reply(null, 201);
  });

  slow = action({ input: z.object({ ms: z.number().default(200) }) }, async ({ ms }, { signal }) => {
    await sleep(ms, undefined, { signal });
    return reply({ ms });
  });
  syncCreate = action({ input: userPk.extend({ text: z.string() }) }, async ({ text, user_pk: userId }) => {
    const { id } = await Comment.objects.create({ text, userId });
    return reply({ id }, 201);
  });

  private async replyToEach(data: unknown, { action: kind, subscribingRequestIds }: ObservedChange): Promise<void> {
    for (const requestId of sortedIds(subscribingRequestIds)) await this.reply({ data, action: kind, requestId });
  }
}

/** The example of DCRF's documentation: its handler sends the bare row. */
export class DocsModelObserverConsumer extends GenericAsyncAPIConsumer({
  queryset: User.objects.all(),
  serializerClass: UserSerializer,
}) {
  commentActivity = modelObserver(Comment, {
    serializerClass: CommentSerializer,
    handle: (message) => this.sendJson(message),
  });
  subscribeToCommentActivity = action(async (_args, { requestId }) => {
    await this.commentActivity.subscribe({ requestId });
  });
}

export class M2MObserverConsumer extends GenericAsyncAPIConsumer({
  queryset: Article.objects.all(),
  serializerClass: ArticleSerializer,
}) {
  articleActivity = modelObserver(Article, { serializerClass: ArticleSerializer, manyToMany: true });
  subscribe = action(async (_args, { requestId }) => {
    await this.articleActivity.subscribe({ requestId });
    return reply(null, 201);
  });
}
