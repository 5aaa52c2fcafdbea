import { z } from "zod";
import {
  action,
  type AnyQuerySet,
  AsyncAPIConsumer,
  AuthenticationFailed,
  BasePermission,
  CreateModelMixin,
  CursorPagination,
  DeleteModelMixin,
  FilterSet,
  FilterSetBackend,
  GenericAsyncAPIConsumer,
  type HandshakeRequest,
  type Identity,
  IsAuthenticated,
  LimitOffsetPagination,
  ListModelMixin,
  type MessageArguments,
  methodFilter,
  mixins,
  ModelSerializer,
  Multiplexer,
  nested,
  OrderingFilter,
  PageNumberPagination,
  PaginatedModelListMixin,
  PatchModelMixin,
  path,
  RetrieveModelMixin,
  type Scope,
  SearchFilter,
  StreamedPaginatedListMixin,
  UpdateModelMixin,
} from "../../src/index.ts";
import { type BlogDatabase, hashPassword, NAMES, secretOf, SENTINEL } from "./blog-database.ts";
import { brokenActions } from "./broken-actions.ts";

export const tokenOf = (name: string): string => `${SENTINEL}-token-of-${name}`;

export async function authenticate(request: HandshakeRequest): Promise<Identity | null> {
  const token = request.cookies["session"];
  if (token === undefined) return null;
  if (token === `${SENTINEL}-token-of-nobody`) throw new AuthenticationFailed();
  const index = NAMES.findIndex((name) => tokenOf(name) === token);
  if (index === -1) throw new Error("The session store at /var/lib/blog-sessions is away.");
  return { user: { id: index + 1 } };
}

class OwnRowsOnly extends BasePermission {
  override hasPermission(): boolean {
    return true;
  }

  override hasObjectPermission(scope: Scope, _consumer: unknown, name: string, row: { id: number }): boolean {
    return name === "retrieve" || row.id === scope.user?.id;
  }
}

class Closed extends BasePermission {
  override canConnect(): boolean {
    return false;
  }
}

const BACKENDS = [FilterSetBackend, SearchFilter, OrderingFilter];

/** A blog: everybody who is logged in sees all users, changes only himself, and sees and changes only his own posts. */
export function blogOf({ db, User, Post, users }: BlogDatabase) {
  class UserSerializer extends ModelSerializer(User, {
    fields: ["id", "username", "email", "password"],
    extraKwargs: { password: { writeOnly: true, minLength: 8 } },
  }) {
    validatePassword(password: string): string {
      return hashPassword(password);
    }
  }
  class OwnerSerializer extends ModelSerializer(User, {
    fields: ["id", "username", "password"],
    extraKwargs: { password: { writeOnly: true } },
  }) {}
  class PostSerializer extends ModelSerializer(Post, {
    fields: ["id", "title", "body", "rating", "moderation", "owner"],
    extraKwargs: { moderation: { writeOnly: true } },
    declaredFields: { owner: nested(OwnerSerializer, { readOnly: true }) },
  }) {}
  class FlatPostSerializer extends ModelSerializer(Post, { fields: ["id", "title", "rating"] }) {}

  class UserFilter extends FilterSet(User, {
    fields: { username: ["exact", "istartswith", "in"], id: ["exact", "gt", "in", "range"], email: ["icontains"] },
    filters: { named: methodFilter(z.string().max(20), (queryset, name) => queryset.filter({ username: name })) },
  }) {}
  class PostFilter extends FilterSet(Post, {
    fields: { title: ["exact", "icontains"], rating: ["gte"], owner__username: ["exact", "startswith"], id: ["in"] },
  }) {}

  class UserConsumer extends mixins(
    GenericAsyncAPIConsumer({
      queryset: User.objects.orderBy("id"),
      serializerClass: UserSerializer,
      filterBackends: BACKENDS,
      filterSetClass: UserFilter,
      searchFields: ["username", "^email"],
      permissionClasses: [IsAuthenticated, OwnRowsOnly],
    }),
    ListModelMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
  ) {
    override async performCreate(serializer: InstanceType<typeof UserSerializer>) {
      await serializer.save({ secret: secretOf(crypto.randomUUID()) });
    }
    rename = action(
      { input: z.object({ pk: z.number(), username: z.string().max(20) }), atomic: db },
      async ({ pk, username }) => {
        const user = await this.getObject({ pk });
        await User.objects.filter({ pk: user.id }).update({ username });
        return { username };
      },
    );
  }

  const ownPosts = {
    queryset: Post.objects.orderBy("id"),
    serializerClass: PostSerializer,
    filterBackends: BACKENDS,
    filterSetClass: PostFilter,
    searchFields: ["title", "owner__username"],
    permissionClasses: [IsAuthenticated],
  };
  class Limits extends LimitOffsetPagination {
    override readonly defaultLimit = 2;
    override readonly maxLimit = 3;
  }
  class Numbers extends PageNumberPagination {
    override readonly pageSize = 2;
  }
  class Cursors extends CursorPagination {
    override readonly pageSize = 2;
    override readonly ordering = "id";
  }
  const narrowed = <Q extends AnyQuerySet>(queryset: Q, scope: Scope): Q =>
    queryset.filterUntrusted({ ownerId: Number(scope.user?.id) }) as Q;

  class PostConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...ownPosts, paginationClass: Limits }),
    PaginatedModelListMixin,
    RetrieveModelMixin,
    CreateModelMixin,
    UpdateModelMixin,
    PatchModelMixin,
    DeleteModelMixin,
  ) {
    override async getQueryset(args: MessageArguments) {
      return narrowed(await super.getQueryset(args), this.scope);
    }
    override async performCreate(serializer: InstanceType<typeof PostSerializer>) {
      await serializer.save({ ownerId: Number(this.scope.user?.id) });
    }
  }
  class FlatConsumer extends mixins(
    GenericAsyncAPIConsumer({
      ...ownPosts,
      serializerClass: FlatPostSerializer,
      filterSetClass: FilterSet(Post, {}),
      searchFields: ["title"],
      paginationClass: Numbers,
    }),
    PaginatedModelListMixin,
    RetrieveModelMixin,
  ) {}
  class FeedConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...ownPosts, paginationClass: Cursors }),
    PaginatedModelListMixin,
  ) {}
  class StreamConsumer extends mixins(
    GenericAsyncAPIConsumer({ ...ownPosts, paginationClass: Limits }),
    StreamedPaginatedListMixin,
  ) {}
  class BrokenConsumer extends brokenActions({ db, User, Post, users }) {}
  class ClosedConsumer extends AsyncAPIConsumer {
    override permissionClasses = [Closed];
  }
  class CrashingConsumer extends AsyncAPIConsumer {
    override async connect(): Promise<void> {
      await db.drizzle.insert(users).values({ username: "ann", password: `${SENTINEL}-inserted`, secret: secretOf("ann") });
    }
  }

  const consumers = {
    users: UserConsumer,
    posts: PostConsumer,
    flat: FlatConsumer,
    feed: FeedConsumer,
    stream: StreamConsumer,
    broken: BrokenConsumer,
  };
  return [
    ...Object.entries(consumers).map(([name, consumer]) => path(`ws/${name}/`, consumer)),
    path("ws/all/", Multiplexer(consumers)),
    path("ws/closed/", ClosedConsumer),
    path("ws/crashing/", CrashingConsumer),
    path("ws/rooms/<slug:room>/", FlatConsumer),
  ];
}

const CRUD = ["list", "retrieve", "create", "update", "patch", "delete", "cancel"];

/** The consumers of {@link blogOf} by their path, each with its actions and one that it does not have. */
export const STREAMS: Readonly<Record<string, readonly string[]>> = {
  users: [...CRUD, "rename", "list_cancel"],
  posts: [...CRUD, "rename"],
  flat: ["list", "retrieve", "create"],
  feed: ["list", "retrieve"],
  stream: ["list", "retrieve"],
  broken: ["cancel", "list"],
};
