import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { describe, expect, test } from "vitest";
import { readSources } from "./architecture/sources.ts";
import { exportedByList, packagesImported } from "./architecture/package-rules.ts";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<
    Record<string, string | { readonly "restwave-source": string; readonly types: string; readonly default: string }>
  >;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const root = new URL("../", import.meta.url);
const manifest: Manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

/** `./dist/a.js` is built from `./src/a.ts`. */
function sourceOfBuilt(file: string): string {
  return file.replace(/^\.\/dist\/(.*)\.js$/, "./src/$1.ts");
}

function textOf(entry: string): string {
  return readFileSync(new URL(`src/${entry}`, root), "utf8");
}

describe("the rules themselves find", () => {
  test("every name of every list, values and types, under the name that users see", () => {
    const text = 'export { a, b as c, /* not d */ type E } from "./x.ts";\nexport type {\n  F,\n  G,\n} from "./y.ts";\n';
    expect(exportedByList(text)).toEqual(["E", "F", "G", "a", "c"]);
  });

  test("an entry that re-exports whatever there is", () => {
    expect(() => exportedByList('export * from "./x.ts";\n')).toThrow(/by name/);
  });

  test("the packages that a file imports, by the name under which they are installed", () => {
    const text = 'import { a } from "a";\nimport type { B } from "@b/c/d";\nimport "./e.ts";\nimport { f } from "node:fs";\n';
    expect(packagesImported(text)).toEqual(["a", "@b/c", "node:fs"]);
  });
});

describe("package.json", () => {
  test("every entry is one file right below src, and every such file is an entry", () => {
    const imported = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [] : [target["restwave-source"]],
    );
    const entries = [...imported, ...Object.values(manifest.bin).map(sourceOfBuilt)];
    const files = readdirSync(new URL("src/", root), { withFileTypes: true }).filter((found) => found.isFile());
    expect(entries.toSorted()).toEqual(files.map((file) => `./src/${file.name}`).toSorted());
  });

  test("types and code of an entry are built from its source", () => {
    for (const target of Object.values(manifest.exports)) {
      if (typeof target === "string") continue;
      const name = target["restwave-source"].replace(/^\.\/src\/(.*)\.ts$/, "$1");
      expect(target).toMatchObject({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
    }
  });

  test("a command is a file that the shell can start", () => {
    for (const file of Object.values(manifest.bin)) {
      expect(readFileSync(new URL(sourceOfBuilt(file), root), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });

  test("what src imports is a dependency for users too", () => {
    const known = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
    const missing = [...readSources(new URL("src/", root))].flatMap(([path, text]) =>
      packagesImported(text)
        .filter((name) => !isBuiltin(name) && !known.has(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test("React is imported by its hooks alone, so no other page pays for it", () => {
    const importing = [...readSources(new URL("src/", root))].filter(([, text]) => packagesImported(text).includes("react"));
    expect(importing.length).toBeGreaterThan(0);
    expect(importing.map(([path]) => path).filter((path) => !path.startsWith("react/"))).toEqual([]);
  });
});

// A new name is a promise to users: decide on it, then write it down with `npx vitest run test/package.test.ts -u`.
describe("the names that users can import", () => {
  test("from restwave", () => {
    expect(exportedByList(textOf("index.ts"))).toMatchInlineSnapshot(`
      [
        "APIException",
        "Action",
        "ActionContext",
        "ActionOptions",
        "ActionsOf",
        "AllowAny",
        "AllowedOrigins",
        "AnonRateThrottle",
        "AnyModel",
        "AnyQuerySet",
        "AnySerializer",
        "AsyncAPIConsumer",
        "AttachOptions",
        "AttachedServer",
        "Authenticate",
        "AuthenticateToken",
        "AuthenticationFailed",
        "BaseFilterBackend",
        "BaseFilterSet",
        "BasePagination",
        "BasePermission",
        "BaseSerializer",
        "BaseThrottle",
        "BigIntegerField",
        "BooleanField",
        "Change",
        "ChangeLog",
        "ChangeLogOptions",
        "ChannelFull",
        "ChannelLayer",
        "ChannelLimits",
        "ChannelMessage",
        "ChannelReceiver",
        "CharField",
        "CheckOptions",
        "ChoiceField",
        "ClientOf",
        "CloseCode",
        "CommittedTransaction",
        "Conflict",
        "Connection",
        "ConsumerClass",
        "ConsumerSession",
        "ConsumerSettings",
        "ConsumersOf",
        "CountedRequests",
        "CreateModelMixin",
        "CursorPagination",
        "Database",
        "DatabaseError",
        "DateField",
        "DateTimeField",
        "DecimalField",
        "DefaultUser",
        "DeleteModelMixin",
        "DictField",
        "DoesNotExist",
        "DurationField",
        "EmailField",
        "EnvelopeOf",
        "ErrorDetail",
        "ErrorFieldsOf",
        "Field",
        "FieldError",
        "FieldOptions",
        "FieldSchema",
        "FieldScope",
        "FieldTypesOf",
        "FilterBackendClass",
        "FilterConsumer",
        "FilterSet",
        "FilterSetBackend",
        "FilterSetClass",
        "Finding",
        "FindingCode",
        "FindingLevel",
        "FindingPlace",
        "FloatField",
        "GenericAsyncAPIConsumer",
        "GenericConsumer",
        "GenericConsumerClass",
        "HandshakeRequest",
        "HiddenField",
        "Http404",
        "HttpHandler",
        "Identity",
        "ImproperlyConfigured",
        "InMemoryChannelLayer",
        "InMemoryChannelLayerOptions",
        "Instrumentation",
        "IntegerField",
        "IntegrityError",
        "IsAdminUser",
        "IsAuthenticated",
        "IsAuthenticatedOrReadOnly",
        "JSONField",
        "JsonText",
        "LimitOffsetPagination",
        "ListField",
        "ListModelMixin",
        "ListenError",
        "Logger",
        "ManyRelatedField",
        "MemoryRateLimiter",
        "MessageArguments",
        "MethodFilter",
        "MethodNotAllowed",
        "Model",
        "ModelAction",
        "ModelColumn",
        "ModelObserverOptions",
        "ModelOptions",
        "ModelSerializer",
        "MultipleChoiceField",
        "MultipleObjectsReturned",
        "Multiplexer",
        "NotAcceptable",
        "NotAuthenticated",
        "NotFound",
        "ObservedChange",
        "ObservedSignal",
        "ObserverModelInstanceMixin",
        "ObserverModelListMixin",
        "ObserverOptions",
        "OrderingFilter",
        "Page",
        "PageNumberPagination",
        "PaginatedModelListMixin",
        "PaginationClass",
        "ParseError",
        "PatchModelMixin",
        "PermissionClass",
        "PermissionConsumer",
        "PermissionDenied",
        "Position",
        "PrimaryKeyRelatedField",
        "Q",
        "QExpression",
        "QuerySet",
        "Rate",
        "RateLimiter",
        "RateLimiterFactory",
        "ReadOnlyField",
        "Refusal",
        "RefusedConnection",
        "RegexField",
        "Register",
        "Reply",
        "ReplyFrame",
        "ReplyOptions",
        "RequestBindings",
        "RequestCancelled",
        "RequestId",
        "RequestLogOptions",
        "RequestOutcome",
        "ResourceTypes",
        "ResourceTypesOf",
        "RestwaveError",
        "RestwaveServer",
        "Results",
        "RetrieveModelMixin",
        "RevokeOptions",
        "Route",
        "Routes",
        "RowOf",
        "SAFE_ACTIONS",
        "Scope",
        "ScopedRateThrottle",
        "SearchFilter",
        "SeenConnection",
        "SeenRequest",
        "SeenSubscription",
        "SerializationFailure",
        "Serializer",
        "SerializerClass",
        "SerializerContext",
        "SerializerMethodField",
        "ServeOptions",
        "ServiceUnavailable",
        "Session",
        "Signal",
        "SignalOptions",
        "SimpleRateThrottle",
        "SlugField",
        "SlugRelatedField",
        "StartCheckOptions",
        "StartChecksFailed",
        "StreamedPaginatedListMixin",
        "StreamingAction",
        "SubscribeInstanceArguments",
        "SubscribeListArguments",
        "ThrottleClass",
        "ThrottleConsumer",
        "ThrottleForecast",
        "Throttled",
        "TimeField",
        "TouchedRow",
        "TransactionError",
        "URLField",
        "UUIDField",
        "UniqueTogetherValidator",
        "UniqueValidator",
        "UnsupportedMediaType",
        "UpdateModelMixin",
        "User",
        "UserId",
        "UserRateThrottle",
        "ValidationError",
        "View",
        "WebsocketLimitOffsetPagination",
        "action",
        "and",
        "attach",
        "belongsTo",
        "channelMessage",
        "checkRoutes",
        "consoleLogger",
        "declareActions",
        "findingText",
        "manyToMany",
        "methodFilter",
        "mixins",
        "modelObserver",
        "nested",
        "noReply",
        "not",
        "observer",
        "or",
        "path",
        "rePath",
        "reply",
        "requestBindings",
        "requestLog",
        "revokeUser",
        "serve",
        "viewAsConsumer",
      ]
    `);
  });

  test("from restwave/sqlite", () => {
    expect(exportedByList(textOf("sqlite.ts"))).toMatchInlineSnapshot(`
      [
        "ChangeLogOptions",
        "OpenSqliteOptions",
        "Q",
        "SqliteDatabase",
        "belongsTo",
        "date",
        "dateTime",
        "decimal",
        "manyToMany",
        "not",
        "openSqlite",
        "time",
        "uuid",
      ]
    `);
  });

  test("from restwave/postgres", () => {
    expect(exportedByList(textOf("postgres.ts"))).toMatchInlineSnapshot(`
      [
        "AtomicOptions",
        "IsolationLevel",
        "OpenPostgresOptions",
        "PostgresDatabase",
        "PostgresLogOptions",
        "PostgresTarget",
        "Q",
        "SerializationFailure",
        "belongsTo",
        "bytea",
        "manyToMany",
        "not",
        "openPostgres",
      ]
    `);
  });

  test("from restwave/testing", () => {
    expect(exportedByList(textOf("testing.ts"))).toMatchInlineSnapshot(`
      [
        "CommunicatorOptions",
        "ConnectResult",
        "ConnectedPair",
        "ContractRule",
        "Direction",
        "Directions",
        "Fault",
        "FaultProxy",
        "FaultProxyOptions",
        "HandshakeRefused",
        "LayerUnderTest",
        "MessageMatcher",
        "ProxiedMessage",
        "UnexpectedMessage",
        "WaitFailed",
        "WebsocketClient",
        "WebsocketClientOptions",
        "WebsocketCommunicator",
        "channelLayerContract",
        "connectWebsocket",
        "connectionContract",
      ]
    `);
  });

  test("from restwave/http", () => {
    expect(exportedByList(textOf("http.ts"))).toMatchInlineSnapshot(`
      [
        "CorsOptions",
        "HttpApi",
        "HttpApiOptions",
        "NodeHandler",
        "RequestInfo",
        "createHttpHandler",
        "toNodeHandler",
      ]
    `);
  });

  test("from restwave/client", () => {
    expect(exportedByList(textOf("client.ts"))).toMatchInlineSnapshot(`
      [
        "APIError",
        "Backoff",
        "CallOptions",
        "Client",
        "ClientMembers",
        "ClientOptions",
        "ConnectionError",
        "ConnectionErrorCode",
        "ConnectionState",
        "ConnectionView",
        "DeclaredRoute",
        "DeclaredStreams",
        "Ending",
        "EventItem",
        "Events",
        "EventsOptions",
        "FieldErrors",
        "HeartbeatOptions",
        "LiveCount",
        "LiveInstance",
        "LiveList",
        "LiveQuery",
        "LiveSnapshot",
        "LiveStatus",
        "Lookup",
        "ResourceClient",
        "TimeoutError",
        "UntypedResource",
        "WebSocketClass",
        "WebSocketLike",
        "WriteOptions",
        "createClient",
        "isAPIError",
      ]
    `);
  });

  test("from restwave/react", () => {
    expect(exportedByList(textOf("react.ts"))).toMatchInlineSnapshot(`
      [
        "ActionState",
        "EventsState",
        "LiveListResult",
        "LiveOptions",
        "LiveResult",
        "ReadOptions",
        "ReadResult",
        "Register",
        "RegisteredClient",
        "RestwaveProvider",
        "RestwaveProviderProps",
        "StreamCall",
        "StreamOptions",
        "StreamState",
        "SuspenseLiveListResult",
        "SuspenseLiveResult",
        "SuspenseReadResult",
        "useAction",
        "useClient",
        "useConnectionState",
        "useEvents",
        "useList",
        "useLive",
        "useLiveCount",
        "useLiveInstance",
        "useLiveList",
        "useRetrieve",
        "useStream",
        "useSuspenseList",
        "useSuspenseLive",
        "useSuspenseLiveCount",
        "useSuspenseLiveInstance",
        "useSuspenseLiveList",
        "useSuspenseRetrieve",
      ]
    `);
  });

  test("from restwave/tanstack-db", () => {
    expect(exportedByList(textOf("tanstack-db.ts"))).toMatchInlineSnapshot(`
      [
        "LiveResource",
        "RestwaveCollectionConfig",
        "RestwaveCollectionOptions",
        "RestwaveCollectionUtils",
        "restwaveCollectionOptions",
      ]
    `);
  });
});
