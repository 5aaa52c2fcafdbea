import { beforeEach, describe, expect, test } from "vitest";
import { FieldError } from "../../src/models/errors.ts";
import { not, Q } from "../../src/models/q.ts";
import { APIException, RestwaveError } from "../../src/protocol/exceptions.ts";
import { seedMembers, type Use } from "./contract.ts";

const REFUSED: readonly Record<string, unknown>[] = [
  { email__regex: "x" },
  { nope: 1 },
  { constructor: 1 },
  { toString: "x" },
  JSON.parse('{"__proto__": 1}'),
  { 'x"; DROP TABLE member;--': 1 },
  { "id = 1 OR 1": 1 },
  { id__: 1 },
  { __id: 1 },
  { id: { $ne: null } },
  { username: { $ne: null } },
  { id: "1" },
  { id: [1] },
  { id: true },
  { username: 5 },
  { username: "a\0b" },
  { isActive: 1 },
  { isActive: "true" },
  { isActive__gt: true },
  { age__contains: "2" },
  { age__gt: null },
  { id__in: 5 },
  { id__in: { 0: 1 } },
  { id__in: [{ $ne: null }] },
  { id__range: [1] },
  { id__range: [1, 2, 3] },
  { age__isnull: 1 },
  { age__isnull: null },
  { team__nope: 1 },
  { team__name__nope: 1 },
  { team__constructor: 1 },
  { username__team__name: "x" },
  { [`team__${"x__".repeat(500)}id`]: 1 },
];

export function describeUntrusted(use: Use): void {
  describe("an untrusted lookup", () => {
    beforeEach(() => seedMembers(use()));

    test.each(REFUSED)("%j is a 400 that names it, and the data stays", async (lookups) => {
      const { Member } = use();
      const [name = ""] = Object.keys(lookups);
      let thrown: unknown;
      try {
        Member.objects.filterUntrusted(lookups);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(FieldError);
      expect(thrown).toMatchObject({ status: 400, field: name });
      expect(await Member.objects.count()).toBe(3);
    });

    test("that is good narrows like filter", async () => {
      const { Member } = use();
      expect(await Member.objects.filterUntrusted({ username__icontains: "B", age__gte: 1 }).count()).toBe(1);
      expect(await Member.objects.filterUntrusted({ username: 'x"; DROP TABLE member;--' }).count()).toBe(0);
      expect(await Member.objects.filterUntrusted({ username__contains: "' OR 1=1 --" }).count()).toBe(0);
    });

    test.each(["nope", "-nope", "constructor", "__proto__", "--id", 'id"; DROP TABLE member;--', "team__nope", ""])(
      "as an ordering, %j is a 400",
      async (key) => {
        const { Member } = use();
        expect(() => Member.objects.orderByUntrusted([key])).toThrow(FieldError);
        expect(await Member.objects.count()).toBe(3);
      },
    );
  });

  describe("a name in the application's own code", () => {
    test.each<[string, (use: Use) => unknown]>([
      ["a lookup", (use) => use().Member.objects.filter({ nope: 1 })],
      ["a lookup that the column does not have", (use) => use().Member.objects.exclude({ age__contains: "2" })],
      ["a lookup inside Q", (use) => use().Member.objects.filter(not(Q({ nope: 1 })))],
      ["an ordering", (use) => use().Member.objects.orderBy("-nope")],
      ["a slice", (use) => use().Member.objects.slice(-1)],
    ])("that is wrong is no error of the client: %s", (_kind, run) => {
      let thrown: unknown;
      try {
        run(use);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(RestwaveError);
      expect(thrown).not.toBeInstanceOf(APIException);
      expect(thrown).toMatchObject({ status: 500 });
    });
  });
}
