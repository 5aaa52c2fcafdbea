import {
  AllowAny,
  and,
  IsAuthenticated,
  IsAuthenticatedOrReadOnly,
  Multiplexer,
  not,
  or,
  path,
  viewAsConsumer,
} from "../../../src/index.ts";
import type { ConsumerClass } from "../../../src/consumers/connection.ts";
import type { Routes } from "../../../src/routing/route.ts";
import { ActionsConsumer, CustomKeyConsumer } from "./actions-consumer.ts";
import * as comments from "./comment-consumers.ts";
import * as instances from "./instance-consumers.ts";
import { tracked } from "./live-consumers.ts";
import * as consumers from "./model-consumers.ts";
import * as permissions from "./permissions.ts";
import * as signals from "./signal-consumers.ts";
import { views } from "./views.ts";

const { withPermissions } = permissions;
const view = (pattern: string, methods?: Readonly<Record<string, string>>) =>
  viewAsConsumer((request) => views.fetch(request), methods === undefined ? { path: pattern } : { path: pattern, methods });

const closed = withPermissions(ActionsConsumer, permissions.NoConnect);

const consumersByRoute: Readonly<Record<string, ConsumerClass>> = {
  ws: consumers.UserConsumer,
  items: consumers.ItemConsumer,
  small: consumers.ItemSmallConsumer,
  uuid: tracked(consumers.UuidConsumer),
  slug: tracked(consumers.SlugConsumer),
  "lookup-url-kwarg": consumers.LookupUrlKwargConsumer,
  pairs: consumers.PairConsumer,
  orders: consumers.OrderConsumer,
  articles: consumers.ArticleConsumer,
  "no-serializer": consumers.NoSerializerConsumer,
  paginated: consumers.PaginatedConsumer,
  "paginated-default": consumers.PaginatedDefaultConsumer,
  "paginated-none": consumers.PaginatedNoneConsumer,
  streamed: consumers.StreamedConsumer,
  "streamed-slow": consumers.StreamedSlowConsumer,
  "streamed-none": consumers.StreamedNoneConsumer,
  instance: tracked(instances.InstanceConsumer),
  "instance-active": tracked(instances.ActiveOnlyInstanceConsumer),
  "instance-denied": tracked(instances.DeniedEventsConsumer),
  "instance-m2m": tracked(instances.ArticleInstanceConsumer),
  "instance-no-m2m": tracked(instances.ArticleInstanceNoM2MConsumer),
  "model-observer": tracked(comments.ModelObserverConsumer),
  "docs-model-observer": tracked(comments.DocsModelObserverConsumer),
  "m2m-observer": tracked(comments.M2MObserverConsumer),
  signal: tracked(signals.SignalConsumer),
  "signal-accept": tracked(signals.SignalOnAcceptConsumer),
  actions: ActionsConsumer,
  "custom-key": CustomKeyConsumer,
  "p-auth": withPermissions(ActionsConsumer, IsAuthenticated),
  "p-allow": withPermissions(ActionsConsumer, AllowAny),
  "p-default": withPermissions(ActionsConsumer, permissions.DefaultPerm),
  "p-noconnect": closed,
  "p-connect-denied": withPermissions(ActionsConsumer, permissions.ConnectRaisesDenied),
  "p-connect-notauth": withPermissions(ActionsConsumer, permissions.ConnectRaisesNotAuth),
  "p-connect-crash": withPermissions(ActionsConsumer, permissions.ConnectCrash),
  "p-sync": withPermissions(ActionsConsumer, permissions.SyncPerm),
  "p-only-echo": withPermissions(ActionsConsumer, permissions.OnlyEcho),
  "p-raises": withPermissions(ActionsConsumer, permissions.RaisesCustom),
  "p-data": withPermissions(ActionsConsumer, permissions.DataPerm),
  "p-drf-auth": withPermissions(ActionsConsumer, permissions.DrfIsAuthenticated),
  "p-drf-allow": withPermissions(ActionsConsumer, AllowAny),
  "p-drf-readonly": withPermissions(consumers.ItemSmallConsumer, IsAuthenticatedOrReadOnly),
  "p-drf-model": consumers.ItemPermissionsConsumer,
  "p-not-auth": withPermissions(ActionsConsumer, not(IsAuthenticated)),
  "p-and": withPermissions(ActionsConsumer, and(IsAuthenticated, permissions.OnlyEcho)),
  "p-or": withPermissions(ActionsConsumer, or(IsAuthenticated, permissions.OnlyEcho)),
  "p-or-drf": withPermissions(ActionsConsumer, or(permissions.DrfIsAuthenticated, permissions.OnlyEcho)),
  "p-or-dcrf-drf": withPermissions(ActionsConsumer, or(permissions.OnlyEcho, permissions.DrfIsAuthenticated)),
  "p-empty": withPermissions(ActionsConsumer),
  demux: Multiplexer({ items: tracked(instances.InstanceConsumer), users: consumers.UserConsumer, actions: ActionsConsumer }),
  "demux-denied": Multiplexer({ items: consumers.ItemSmallConsumer, closed }),
  "demux-all-denied": Multiplexer({ closed }),
  "demux-single": Multiplexer({ actions: ActionsConsumer }),
  "demux-slow": Multiplexer({
    items: consumers.ItemSmallConsumer,
    slow: withPermissions(ActionsConsumer, permissions.SlowConnect),
  }),
  "view-list": view("/items"),
  "view-detail": view("/items/:pk?", { retrieve: "GET", update: "PATCH", delete: "DELETE", list: "OPTIONS" }),
  "view-auth": view("/own-items"),
  "view-who": view("/who/:z?"),
  "view-plain": view("/plain"),
  "view-post": view("/post"),
  "view-crash": view("/crash"),
};

/** The recorded application's routes, by the names that the cases use. */
export const routes: Routes = Object.entries(consumersByRoute).map(([name, consumer]) => path(`${name}/`, consumer));
