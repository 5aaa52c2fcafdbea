import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { and } from "../../src/permissions/and.ts";
import { BasePermission, type PermissionClass } from "../../src/permissions/base-permission.ts";
import { IsAdminUser } from "../../src/permissions/is-admin-user.ts";
import { IsAuthenticated } from "../../src/permissions/is-authenticated.ts";
import { not } from "../../src/permissions/not.ts";
import { or } from "../../src/permissions/or.ts";
import type { Scope, User } from "../../src/protocol/scope.ts";
import type { Verdict } from "../../src/permissions/verdict.ts";
import { scopeOf } from "./scope-of.ts";

interface Answers {
  readonly connect: boolean;
  readonly action: boolean;
  readonly object: boolean;
}

/** A permission with these answers, at once or as promises. */
function answering(answers: Answers, later = false): PermissionClass {
  const verdict = (answer: boolean): Verdict => (later ? Promise.resolve(answer) : answer);
  return class extends BasePermission {
    override canConnect(): Verdict {
      return verdict(answers.connect);
    }
    override hasPermission(): Verdict {
      return verdict(answers.action);
    }
    override hasObjectPermission(): Verdict {
      return verdict(answers.object);
    }
  };
}

const consumer = { scope: scopeOf(null), channelName: "test" };
const connects = (Permission: PermissionClass) => new Permission().canConnect(consumer.scope, consumer);
const allows = (Permission: PermissionClass) => new Permission().hasPermission(consumer.scope, consumer, "list", {});
const allowsObject = (Permission: PermissionClass) =>
  new Permission().hasObjectPermission(consumer.scope, consumer, "retrieve", {}, {});

const yes = answering({ connect: true, action: true, object: true });
const no = answering({ connect: false, action: false, object: false });

class IsOwner extends BasePermission {
  override hasPermission(scope: Scope): boolean {
    return scope.user !== null;
  }
  override hasObjectPermission(scope: Scope, _consumer: unknown, _action: string, post: { readonly ownerId: number }): boolean {
    return post.ownerId === scope.user?.id;
  }
}

function mayTouch(Permission: PermissionClass, user: User | null, post: { ownerId: number }): Verdict {
  const scope = scopeOf(user);
  return new Permission().hasObjectPermission(scope, { scope, channelName: "test" }, "patch", post, {});
}

describe("and, or, not", () => {
  test("`and` grants what all operands grant", () => {
    expect([allows(and(yes, yes)), allows(and(yes, no)), allows(and(no, yes))]).toEqual([true, false, false]);
    expect([connects(and(yes, yes)), connects(and(yes, no))]).toEqual([true, false]);
    expect([allowsObject(and(yes, yes)), allowsObject(and(yes, no))]).toEqual([true, false]);
  });

  test("`or` grants what one operand grants", () => {
    expect([allows(or(no, yes)), allows(or(yes, no)), allows(or(no, no))]).toEqual([true, true, false]);
    expect([connects(or(no, yes)), connects(or(no, no))]).toEqual([true, false]);
  });

  test("an object is granted by an operand of `or` that grants the action as well", () => {
    const post = { ownerId: 7 };
    const Either = or(IsAdminUser, IsOwner);
    expect(mayTouch(Either, { id: 7 }, post)).toBe(true);
    expect(mayTouch(Either, { id: 8 }, post)).toBe(false);
    expect(mayTouch(Either, { id: 8, isStaff: true }, post)).toBe(true);
  });

  test("`not` negates hasPermission and never canConnect", () => {
    expect([allows(not(yes)), allows(not(no))]).toEqual([false, true]);
    expect([connects(not(yes)), connects(not(no))]).toEqual([true, false]);
  });

  test("`not` of a permission that looks at no object refuses no object", () => {
    expect(allowsObject(not(IsAuthenticated))).toBe(true);
    expect(allowsObject(not(and(IsAuthenticated, or(IsAdminUser, not(IsAdminUser)))))).toBe(true);
  });

  test("`not` of a permission that looks at objects negates its answer", () => {
    expect(mayTouch(not(IsOwner), { id: 7 }, { ownerId: 7 })).toBe(false);
    expect(mayTouch(not(IsOwner), { id: 8 }, { ownerId: 7 })).toBe(true);
    expect(mayTouch(not(or(IsOwner, IsAdminUser)), { id: 7 }, { ownerId: 7 })).toBe(false);
  });

  test("a permission that answers undefined denies, in every composition", async () => {
    class Silent extends BasePermission {
      // @ts-expect-error a permission answers true or false
      override hasPermission(): undefined {
        return undefined;
      }
    }
    const silent: PermissionClass = Silent as unknown as PermissionClass;
    expect([allows(and(silent)), allows(or(silent)), allows(and(yes, silent))]).toEqual([false, false, false]);
    expect(allows(not(silent))).toBe(true);
  });

  test("a composed class can be extended with a message", () => {
    class Members extends or(IsAdminUser, IsAuthenticated) {
      override readonly message = "Members only.";
    }
    expect(new Members().message).toBe("Members only.");
  });

  test("operands are asked in order and not further than needed", async () => {
    const asked: string[] = [];
    const named = (name: string, answer: boolean): PermissionClass =>
      class extends BasePermission {
        override hasPermission(): boolean {
          asked.push(name);
          return answer;
        }
      };
    await allows(and(named("a", true), named("b", false), named("c", true)));
    await allows(or(named("d", false), named("e", true), named("f", true)));
    expect(asked).toEqual(["a", "b", "d", "e"]);
  });

  test("sync operands give plain booleans, one async operand gives a promise", async () => {
    const later = answering({ connect: true, action: true, object: true }, true);
    expect(allows(and(yes, or(no, not(no))))).toBe(true);
    const pending = allows(and(yes, or(no, later)));
    expect(pending).toBeInstanceOf(Promise);
    expect(await pending).toBe(true);
  });

  test("a composition answers the same whether its operands answer at once or later", async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.constantFrom(connects, allows, allowsObject), async (tree, ask) => {
        expect(await ask(build(tree, true))).toBe(ask(build(tree, false)));
      }),
      { numRuns: 200 },
    );
  });

  test("an exception of an operand passes through", async () => {
    class Broken extends BasePermission {
      override hasPermission(): Verdict {
        return Promise.reject(new RangeError("broken"));
      }
    }
    await expect(allows(or(no, and(yes, Broken)))).rejects.toThrow(RangeError);
  });
});

type Tree =
  | Answers
  | { readonly kind: "and" | "or"; readonly operands: readonly Tree[] }
  | { readonly kind: "not"; readonly operand: Tree };

const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; leaf: Tree; many: Tree; negated: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("leaf"), tie("many"), tie("negated")),
  leaf: fc.record({ connect: fc.boolean(), action: fc.boolean(), object: fc.boolean() }),
  many: fc.record({ kind: fc.constantFrom("and", "or"), operands: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }) }),
  negated: fc.record({ kind: fc.constant("not"), operand: tie("tree") }),
})).tree;

function build(tree: Tree, later: boolean): PermissionClass {
  if (!("kind" in tree)) return answering(tree, later);
  if (tree.kind === "not") return not(build(tree.operand, later));
  const [first = yes, ...rest] = tree.operands.map((operand) => build(operand, later));
  return tree.kind === "and" ? and(first, ...rest) : or(first, ...rest);
}
