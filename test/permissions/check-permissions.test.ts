import { describe, expect, test } from "vitest";
import { AllowAny } from "../../src/permissions/allow-any.ts";
import { BasePermission } from "../../src/permissions/base-permission.ts";
import { checkConnect } from "../../src/permissions/check-connect.ts";
import { checkObjectPermissions, checkPermissions } from "../../src/permissions/check-permissions.ts";
import { IsAuthenticated } from "../../src/permissions/is-authenticated.ts";
import { NotAuthenticated, PermissionDenied } from "../../src/protocol/exceptions.ts";
import type { Verdict } from "../../src/permissions/verdict.ts";
import { scopeOf } from "./scope-of.ts";

const scope = scopeOf(null);
const consumer = { scope, channelName: "test" };

class Later extends BasePermission {
  override hasPermission(): Verdict {
    return Promise.resolve(true);
  }
}

class Club extends BasePermission {
  override readonly message = "Members only.";
  override readonly code = "no_member";

  override canConnect(): Verdict {
    return false;
  }

  override hasPermission(): Verdict {
    return Promise.resolve(false);
  }

  override hasObjectPermission(): Verdict {
    return false;
  }
}

describe("checking permissions", () => {
  test("no permission at all allows everything, without a promise", () => {
    expect(checkConnect([], scope, consumer)).toBeUndefined();
    expect(checkPermissions([], scope, consumer, "list", {})).toBeUndefined();
    expect(checkObjectPermissions([], scope, consumer, "list", {}, {})).toBeUndefined();
  });

  test("permissions that answer at once are judged without a promise", () => {
    expect(checkPermissions([new AllowAny(), new AllowAny()], scope, consumer, "list", {})).toBeUndefined();
  });

  test("a refusal is DRF's PermissionDenied", () => {
    const refused = () => checkPermissions([new AllowAny(), new IsAuthenticated()], scope, consumer, "list", {});
    expect(refused).toThrow(PermissionDenied);
    expect(refused).toThrow("You do not have permission to perform this action.");
  });

  test("a refusal carries the permission's own message and code", async () => {
    const refusal = { detail: "Members only.", code: "no_member", status: 403 };
    await expect(checkPermissions([new Later(), new Club()], scope, consumer, "list", {})).rejects.toMatchObject(refusal);
    expect(() => checkConnect([new Club()], scope, consumer)).toThrow(expect.objectContaining(refusal));
    expect(() => checkObjectPermissions([new Club()], scope, consumer, "patch", {}, {})).toThrow(
      expect.objectContaining(refusal),
    );
  });

  test("a permission after one that answers later is still asked", async () => {
    await expect(checkPermissions([new Later(), new IsAuthenticated()], scope, consumer, "list", {})).rejects.toThrow(
      PermissionDenied,
    );
    await expect(checkPermissions([new Later(), new Later()], scope, consumer, "list", {})).resolves.toBeUndefined();
  });

  test("what a permission throws itself is what the caller gets", () => {
    class Login extends BasePermission {
      override hasPermission(): boolean {
        throw new NotAuthenticated();
      }
    }
    expect(() => checkPermissions([new Login()], scope, consumer, "list", {})).toThrow(NotAuthenticated);
  });

  test("a permission sees the arguments, the action and the object", async () => {
    const seen: unknown[] = [];
    class Watching extends BasePermission {
      override hasPermission(...given: unknown[]): boolean {
        return seen.push(given) > 0;
      }
      override hasObjectPermission(...given: unknown[]): boolean {
        return seen.push(given) > 0;
      }
    }
    await checkPermissions([new Watching()], scope, consumer, "patch", { pk: 1 });
    await checkObjectPermissions([new Watching()], scope, consumer, "patch", { id: 1 }, { pk: 1 });
    expect(seen).toEqual([
      [scope, consumer, "patch", { pk: 1 }],
      [scope, consumer, "patch", { id: 1 }, { pk: 1 }],
    ]);
  });
});
