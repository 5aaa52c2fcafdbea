export {
  APIException,
  AuthenticationFailed,
  Conflict,
  Http404,
  ImproperlyConfigured,
  MethodNotAllowed,
  NotAcceptable,
  NotAuthenticated,
  NotFound,
  ParseError,
  PermissionDenied,
  RestwaveError,
  ServiceUnavailable,
  Throttled,
  UnsupportedMediaType,
  ValidationError,
} from "./protocol/exceptions.ts";
export type { ErrorDetail } from "./protocol/error-detail.ts";
export type { MessageArguments } from "./protocol/arguments.ts";
export type { RequestId } from "./protocol/request-id.ts";
export type { ReplyFrame } from "./protocol/frames.ts";
export type { DefaultUser, Register, Scope, Session, User } from "./protocol/scope.ts";
export { CloseCode } from "./protocol/close-codes.ts";
export { JsonText } from "./protocol/json.ts";

export type { Change, CommittedTransaction, TouchedRow } from "./models/change-log/change.ts";
export type { ChangeLog, ChangeLogOptions } from "./models/change-log/change-log.ts";
export type { Position } from "./models/change-log/position.ts";
export type { Database } from "./models/database.ts";
export {
  DatabaseError,
  DoesNotExist,
  FieldError,
  IntegrityError,
  MultipleObjectsReturned,
  SerializationFailure,
  TransactionError,
} from "./models/errors.ts";
export type { AnyModel, Model, ModelOptions } from "./models/model.ts";
export type { ModelColumn } from "./models/model-column.ts";
export { Q, type QExpression } from "./models/q.ts";
export type { AnyQuerySet, QuerySet, RowOf } from "./models/queryset.ts";
export { belongsTo, manyToMany } from "./models/relations.ts";

export { ChannelFull } from "./layers/channel-full.ts";
export type { ChannelLayer, ChannelReceiver } from "./layers/channel-layer.ts";
export type { ChannelLimits } from "./layers/channel-limits.ts";
export type { ChannelMessage } from "./layers/channel-message.ts";
export { InMemoryChannelLayer, type InMemoryChannelLayerOptions } from "./layers/in-memory-channel-layer.ts";
export { revokeUser, type RevokeOptions, type UserId } from "./layers/revoke-user.ts";

export { AllowAny } from "./permissions/allow-any.ts";
export { and } from "./permissions/and.ts";
export { BasePermission, type PermissionClass, type PermissionConsumer } from "./permissions/base-permission.ts";
export { IsAdminUser } from "./permissions/is-admin-user.ts";
export { IsAuthenticated } from "./permissions/is-authenticated.ts";
export { IsAuthenticatedOrReadOnly, SAFE_ACTIONS } from "./permissions/is-authenticated-or-read-only.ts";
export { not } from "./permissions/not.ts";
export { or } from "./permissions/or.ts";

export { BaseSerializer, type AnySerializer, type SerializerClass } from "./serializers/base-serializer.ts";
export { ModelSerializer } from "./serializers/model-serializer.ts";
export { Serializer } from "./serializers/serializer.ts";
export type { FieldSchema } from "./serializers/field-schema.ts";
export type { SerializerContext } from "./serializers/serializer-context.ts";
export { BigIntegerField } from "./serializers/fields/big-integer-field.ts";
export { BooleanField } from "./serializers/fields/boolean-field.ts";
export { CharField } from "./serializers/fields/char-field.ts";
export { ChoiceField } from "./serializers/fields/choice-field.ts";
export { DateField } from "./serializers/fields/date-field.ts";
export { DateTimeField } from "./serializers/fields/date-time-field.ts";
export { DecimalField } from "./serializers/fields/decimal-field.ts";
export { DictField } from "./serializers/fields/dict-field.ts";
export { DurationField } from "./serializers/fields/duration-field.ts";
export { EmailField } from "./serializers/fields/email-field.ts";
export { Field, type FieldOptions } from "./serializers/fields/field.ts";
export type { FieldScope } from "./serializers/fields/field-scope.ts";
export type { FieldTypesOf } from "./serializers/fields/field-types.ts";
export { FloatField } from "./serializers/fields/float-field.ts";
export { HiddenField } from "./serializers/fields/hidden-field.ts";
export { IntegerField } from "./serializers/fields/integer-field.ts";
export { JSONField } from "./serializers/fields/json-field.ts";
export { ListField } from "./serializers/fields/list-field.ts";
export { ManyRelatedField } from "./serializers/fields/many-related-field.ts";
export { MultipleChoiceField } from "./serializers/fields/multiple-choice-field.ts";
export { nested } from "./serializers/fields/nested-field.ts";
export { PrimaryKeyRelatedField } from "./serializers/fields/primary-key-related-field.ts";
export { ReadOnlyField } from "./serializers/fields/read-only-field.ts";
export { RegexField } from "./serializers/fields/regex-field.ts";
export { SerializerMethodField } from "./serializers/fields/serializer-method-field.ts";
export { SlugField } from "./serializers/fields/slug-field.ts";
export { SlugRelatedField } from "./serializers/fields/slug-related-field.ts";
export { TimeField } from "./serializers/fields/time-field.ts";
export { URLField } from "./serializers/fields/url-field.ts";
export { UUIDField } from "./serializers/fields/uuid-field.ts";
export { UniqueTogetherValidator } from "./serializers/validators/unique-together-validator.ts";
export { UniqueValidator } from "./serializers/validators/unique-validator.ts";

export { BasePagination, type Page, type PaginationClass } from "./pagination/base-pagination.ts";
export { CursorPagination } from "./pagination/cursor-pagination.ts";
export type { EnvelopeOf, Results } from "./pagination/envelope.ts";
export { LimitOffsetPagination, WebsocketLimitOffsetPagination } from "./pagination/limit-offset-pagination.ts";
export { PageNumberPagination } from "./pagination/page-number-pagination.ts";

export { BaseFilterBackend, type FilterBackendClass } from "./filters/base-filter-backend.ts";
export type { FilterConsumer } from "./filters/filter-consumer.ts";
export { BaseFilterSet, FilterSet, type FilterSetClass } from "./filters/filter-set.ts";
export { FilterSetBackend } from "./filters/filter-set-backend.ts";
export { methodFilter, type MethodFilter } from "./filters/method-filter.ts";
export { OrderingFilter } from "./filters/ordering-filter.ts";
export { SearchFilter } from "./filters/search-filter.ts";

export { AnonRateThrottle } from "./throttling/anon-rate-throttle.ts";
export { BaseThrottle, type ThrottleClass, type ThrottleConsumer, type ThrottleForecast } from "./throttling/base-throttle.ts";
export { MemoryRateLimiter } from "./throttling/memory-rate-limiter.ts";
export type { CountedRequests, RateLimiter, RateLimiterFactory } from "./throttling/rate-limiter.ts";
export type { Rate } from "./throttling/rate.ts";
export { ScopedRateThrottle } from "./throttling/scoped-rate-throttle.ts";
export { SimpleRateThrottle } from "./throttling/simple-rate-throttle.ts";
export { UserRateThrottle } from "./throttling/user-rate-throttle.ts";

export { action, type Action, type ActionOptions, type StreamingAction } from "./consumers/action.ts";
export { ActionContext, RequestCancelled } from "./consumers/action-context.ts";
export type { Authenticate, HandshakeRequest, Identity } from "./consumers/authenticate.ts";
export type { AuthenticateToken } from "./consumers/authenticate-token.ts";
export { channelMessage } from "./consumers/channel-message.ts";
export { declareActions } from "./consumers/action-registry.ts";
export type { ActionsOf } from "./consumers/actions-of.ts";
export { AsyncAPIConsumer } from "./consumers/async-api-consumer.ts";
export type { Connection, ConsumerClass, ConsumerSession } from "./consumers/connection.ts";
export type { ErrorFieldsOf } from "./consumers/error-fields-of.ts";
export {
  GenericAsyncAPIConsumer,
  type GenericConsumer,
  type GenericConsumerClass,
} from "./consumers/generic-async-api-consumer.ts";
export type {
  Instrumentation,
  Refusal,
  RefusedConnection,
  RequestOutcome,
  SeenConnection,
  SeenRequest,
  SeenSubscription,
} from "./consumers/instrumentation.ts";
export { consoleLogger, type Logger } from "./consumers/logger.ts";
export { requestBindings, type RequestBindings } from "./consumers/request-bindings.ts";
export type { ReplyOptions } from "./consumers/reply-options.ts";
export { noReply, reply, type Reply } from "./consumers/reply.ts";
export type { ConsumerSettings } from "./consumers/settings.ts";
export type { ResourceTypes, ResourceTypesOf } from "./consumers/resource-types-of.ts";
export { viewAsConsumer, type View } from "./consumers/view-as-consumer.ts";

export { CreateModelMixin } from "./mixins/create-model-mixin.ts";
export { DeleteModelMixin } from "./mixins/delete-model-mixin.ts";
export { ListModelMixin } from "./mixins/list-model-mixin.ts";
export { mixins } from "./mixins/mixins.ts";
export { PaginatedModelListMixin } from "./mixins/paginated-model-list-mixin.ts";
export { PatchModelMixin } from "./mixins/patch-model-mixin.ts";
export { RetrieveModelMixin } from "./mixins/retrieve-model-mixin.ts";
export { StreamedPaginatedListMixin } from "./mixins/streamed-paginated-list-mixin.ts";
export { UpdateModelMixin } from "./mixins/update-model-mixin.ts";

export { modelObserver } from "./observers/model-observer.ts";
export type { ModelAction, ModelObserverOptions, ObservedChange } from "./observers/model-observer-options.ts";
export { observer } from "./observers/observer.ts";
export { Signal, type SignalOptions } from "./observers/signal.ts";
export type { ObservedSignal, ObserverOptions } from "./observers/signal-observer.ts";
export { ObserverModelInstanceMixin, type SubscribeInstanceArguments } from "./observers/observer-model-instance-mixin.ts";
export { ObserverModelListMixin, type SubscribeListArguments } from "./observers/observer-model-list-mixin.ts";

export { Multiplexer } from "./routing/multiplexer.ts";
export { path } from "./routing/path.ts";
export { rePath } from "./routing/re-path.ts";
export type { ClientOf, ConsumersOf } from "./routing/client-of.ts";
export type { Route, Routes } from "./routing/route.ts";

export type { HttpHandler } from "./transports/node-ws/answer-http.ts";
export { attach, type AttachedServer, type AttachOptions } from "./transports/node-ws/attach.ts";
export { ListenError } from "./transports/node-ws/listen.ts";
export type { AllowedOrigins } from "./transports/node-ws/origin.ts";
export { serve, type RestwaveServer, type ServeOptions } from "./transports/node-ws/serve.ts";

export { checkRoutes, type CheckOptions } from "./checks/check-routes.ts";
export type { Finding, FindingCode, FindingLevel, FindingPlace } from "./checks/finding.ts";
export { findingText } from "./checks/finding-text.ts";
export { StartChecksFailed, type StartCheckOptions } from "./checks/start-checks.ts";
export { requestLog, type RequestLogOptions } from "./telemetry/request-log.ts";
