import {
  action,
  BasePermission,
  CreateModelMixin,
  DeleteModelMixin,
  GenericAsyncAPIConsumer,
  ListModelMixin,
  type MessageArguments,
  mixins,
  ObserverModelInstanceMixin,
  ObserverModelListMixin,
  type PaginationClass,
  PatchModelMixin,
  type PermissionClass,
  reply,
  RetrieveModelMixin,
  type Scope,
  type ThrottleClass,
  UpdateModelMixin,
} from "../../src/index.ts";
import type { AnyQuerySet } from "../../src/models/queryset.ts";
import type { HandshakeRequest } from "../../src/consumers/authenticate.ts";
import { z } from "zod";
import { openLab } from "../observers/lab.ts";
import type { TestDatabase } from "../databases/test-database.ts";

/** What a test chooses about the resource of tasks. */
export interface TaskOptions {
  readonly permissionClasses?: readonly PermissionClass[];
  readonly throttleClasses?: readonly ThrottleClass[];
  readonly paginationClass?: PaginationClass;
  /** What `getQueryset` makes of all tasks. */
  readonly visible?: (all: AnyQuerySet, scope: Scope, args: MessageArguments) => AnyQuerySet | Promise<AnyQuerySet>;
}

/** Lets in whoever has a name. */
export class IsKnown extends BasePermission {
  override readonly message = "Say who you are.";

  override hasPermission({ user }: Scope): boolean {
    return user !== null;
  }
}

export class IsOwner extends BasePermission {
  override hasPermission(): boolean {
    return true;
  }

  override hasObjectPermission({ user }: Scope, _consumer: unknown, _action: string, task: unknown): boolean {
    return Reflect.get(Object(task), "ownerId") === user?.id;
  }
}

/** `?user=1` is user 1; user 9 is staff. */
export function authenticate({ query }: HandshakeRequest) {
  const id = Number(query.get("user") ?? 0);
  return id === 0 ? null : { user: { id, username: `user ${id}`, password: "never shown", isStaff: id === 9 } };
}

/** The tasks of the observers' lab, with consumers as a test wants them. */
export async function openTasks(on: TestDatabase) {
  const lab = await openLab(on);
  const { Task, TaskSerializer, generic } = lab;

  function consumerOf({ visible, ...options }: TaskOptions = {}) {
    return class TaskConsumer extends mixins(
      GenericAsyncAPIConsumer({ ...generic, ...options }),
      ListModelMixin,
      RetrieveModelMixin,
      CreateModelMixin,
      UpdateModelMixin,
      PatchModelMixin,
      DeleteModelMixin,
      ObserverModelListMixin,
      ObserverModelInstanceMixin,
    ) {
      ran = 0;
      rename = action({ input: z.object({ title: z.string().min(3) }) }, async () => {
        this.ran += 1;
        return reply({ ran: this.ran });
      });

      override async getQueryset(args: MessageArguments) {
        const all = await super.getQueryset(args);
        return visible === undefined ? all : visible(all, this.scope, args);
      }
    };
  }
  return { ...lab, Task, TaskSerializer, consumerOf };
}

export type TaskLab = Awaited<ReturnType<typeof openTasks>>;
