import { describe, expect, test } from "vitest";
import { AllowAny } from "../../src/permissions/allow-any.ts";
import { BasePermission, type PermissionClass } from "../../src/permissions/base-permission.ts";
import { IsAdminUser } from "../../src/permissions/is-admin-user.ts";
import { IsAuthenticated } from "../../src/permissions/is-authenticated.ts";
import { IsAuthenticatedOrReadOnly, SAFE_ACTIONS } from "../../src/permissions/is-authenticated-or-read-only.ts";
import type { User } from "../../src/protocol/scope.ts";
import { scopeOf } from "./scope-of.ts";

const users: Record<string, User | null> = {
  nobody: null,
  "a user": { id: 1 },
  "an inactive user": { id: 2, isActive: false },
  "a member of staff": { id: 3, isStaff: true },
  "an inactive member of staff": { id: 4, isStaff: true, isActive: false },
};

function admitted(Permission: PermissionClass, action: string): string[] {
  return Object.keys(users).filter((name) => asks(Permission, users[name] ?? null, action) === true);
}

function asks(Permission: PermissionClass, user: User | null, action: string): unknown {
  const scope = scopeOf(user);
  return new Permission().hasPermission(scope, { scope, channelName: "test" }, action, {});
}

describe("the stock permissions", () => {
  test("AllowAny admits everybody", () => {
    expect(admitted(AllowAny, "create")).toEqual(Object.keys(users));
  });

  test("IsAuthenticated admits active users", () => {
    expect(admitted(IsAuthenticated, "list")).toEqual(["a user", "a member of staff"]);
  });

  test("IsAdminUser admits active members of staff", () => {
    expect(admitted(IsAdminUser, "list")).toEqual(["a member of staff"]);
  });

  test.each(["list", "retrieve"])("IsAuthenticatedOrReadOnly admits everybody to %s", (action) => {
    expect(admitted(IsAuthenticatedOrReadOnly, action)).toEqual(Object.keys(users));
  });

  test.each(["create", "patch", "update", "delete", "subscribe_instance", "publish", "LIST", "constructor", ""])(
    "IsAuthenticatedOrReadOnly admits active users only to %j",
    (action) => {
      expect(admitted(IsAuthenticatedOrReadOnly, action)).toEqual(["a user", "a member of staff"]);
    },
  );

  test("the safe actions can be widened in a subclass", () => {
    class ReadOrSubscribe extends IsAuthenticatedOrReadOnly {
      override readonly safeActions = new Set([...SAFE_ACTIONS, "subscribe_instance"]);
    }
    expect(asks(ReadOrSubscribe, null, "subscribe_instance")).toBe(true);
    expect(asks(ReadOrSubscribe, null, "create")).toBe(false);
  });

  test("a scope whose user is undefined is anonymous for every permission", () => {
    const scope = scopeOf(null);
    Reflect.deleteProperty(scope, "user");
    for (const Permission of [IsAuthenticated, IsAdminUser, IsAuthenticatedOrReadOnly]) {
      expect(new Permission().hasPermission(scope, { scope, channelName: "test" }, "create")).toBe(false);
    }
  });

  test.each([AllowAny, IsAuthenticated, IsAdminUser, IsAuthenticatedOrReadOnly])(
    "%o lets everybody connect and refuses no object by itself",
    (Permission) => {
      const scope = scopeOf(null);
      const permission = new Permission();
      expect(permission.canConnect(scope, { scope, channelName: "test" })).toBe(true);
      expect(permission.hasObjectPermission(scope, { scope, channelName: "test" }, "list", {}, {})).toBe(true);
    },
  );

  test("a permission that does not override hasPermission denies every action", () => {
    class Forgetful extends BasePermission {}
    expect(admitted(Forgetful, "list")).toEqual([]);
  });
});
