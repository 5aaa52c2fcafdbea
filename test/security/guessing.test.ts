import { describe, expect, test } from "vitest";
import { STREAMS } from "./blog.ts";
import { hashPassword, moderationOf, NAMES, passwordOf, secretOf, SENTINEL } from "./blog-database.ts";
import { startBlog } from "./blog-server.ts";
import { HOSTILE_NAMES, hostileRequests } from "./hostile.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("what a client may find out and change", async (on) => {
  /** Columns that ann cannot read, by every path that leads to them from users and from posts. */
  const HIDDEN = ["password", "secret", "moderation", "owner__password", "owner__secret", "owner__email", "ownerId__password"];
  const LOOKUPS = ["", "__exact", "__startswith", "__icontains", "__gt", "__in", "__isnull", "__range"];

  describe("a hidden column cannot be guessed", () => {
    test.each(["users", "posts", "flat", "feed", "stream"])(
      "through a filter of %s: 400 whether the guess is right or wrong",
      async (path) => {
        const { connect, database } = await startBlog(on);
        const peer = await connect(path, "ann");
        const before = await database.dump();
        for (const column of HIDDEN) {
          for (const lookup of LOOKUPS) {
            for (const guess of [SENTINEL, hashPassword(passwordOf("ann")), secretOf("ann"), "wrong", [SENTINEL], true]) {
              const answer = await peer.ask({ action: "list", filters: { [column + lookup]: guess } });
              expect([column + lookup, answer.response_status]).toEqual([column + lookup, 400]);
            }
          }
        }
        expect(await database.dump()).toBe(before);
      },
    );

    test.each(["users", "posts", "flat", "feed"])("through the ordering of %s", async (path) => {
      const { connect } = await startBlog(on);
      const peer = await connect(path, "ann");
      for (const column of HIDDEN) {
        for (const ordering of [column, `-${column}`, [column], `id,${column}`, ` ${column} `]) {
          expect(await peer.ask({ action: "list", ordering })).toMatchObject({ response_status: 400, data: null });
        }
      }
    });

    test("through search: the value of a hidden column is found nowhere", async () => {
      const { connect } = await startBlog(on);
      for (const path of ["users", "posts", "flat"]) {
        const peer = await connect(path, "ann");
        for (const search of [
          SENTINEL,
          secretOf("ann"),
          hashPassword(passwordOf("ann")),
          moderationOf("ann 1"),
          `"${SENTINEL}"`,
          `=${SENTINEL}`,
          `^${SENTINEL}`,
        ]) {
          const { data } = await peer.ask({ action: "list", search });
          expect(Array.isArray(data) ? data : (data as { results: unknown[] }).results).toEqual([]);
        }
      }
    });

    test("through the filters of an action for one row", async () => {
      const { connect, database } = await startBlog(on);
      const peer = await connect("users", "ann");
      const before = await database.dump();
      for (const action of ["retrieve", "patch", "update", "delete"]) {
        for (const filters of [{ password__startswith: SENTINEL }, { secret: secretOf("ann") }]) {
          expect(await peer.ask({ action, pk: 1, data: {}, filters })).toMatchObject({ response_status: 400, data: null });
        }
      }
      expect(await database.dump()).toBe(before);
    });

    test("through a cursor: it shows no value, and one that was changed, made up or made for another list is 404", async () => {
      const { connect } = await startBlog(on);
      const peer = await connect("feed", "ann");
      const { data } = await peer.ask({ action: "list", ordering: "-title" });
      const { next } = data as { next: string };
      expect(Buffer.from(next, "base64url").toString("latin1")).not.toContain("cem");
      expect(await peer.ask({ action: "list", ordering: "-title", cursor: next })).toMatchObject({ response_status: 200 });
      const forged = [
        next.slice(1),
        `${next}A`,
        `${next}=`,
        (next.startsWith("A") ? "B" : "A") + next.slice(1),
        "",
        "e30",
        Buffer.from('[0,0,"cem",1]').toString("base64url"),
        "../../etc/passwd",
      ];
      for (const cursor of forged) {
        expect(await peer.ask({ action: "list", ordering: "-title", cursor })).toMatchObject({
          response_status: 404,
          errors: ["Invalid cursor"],
        });
      }
      for (const other of [
        { ordering: "title" },
        { ordering: "-title", search: "ann" },
        { ordering: "-title", filters: { rating__gte: 0 } },
      ]) {
        expect(await peer.ask({ action: "list", cursor: next, ...other })).toMatchObject({ response_status: 404 });
      }
    });
  });

  describe("mass assignment", () => {
    const FORBIDDEN = `"id":1,"pk":1,"ownerId":1,"owner":1,"owner_id":1,"secret":"x","__proto__":{"ownerId":1,"isStaff":true},"constructor":{"prototype":{"isStaff":true}}`;

    test("a patch of fields that the serializer does not write changes nothing", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const posts = await connect("posts", "bob");
      const text = `{"action":"patch","request_id":"x","pk":5,"data":{${FORBIDDEN}}}`;
      expect(await posts.answerTo("x", text)).toMatchObject({ response_status: 200, data: { id: 5, owner: { id: 2 } } });
      const users = await connect("users", "bob");
      expect(await users.answerTo("x", text.replace('"pk":5', '"pk":2'))).toMatchObject({
        response_status: 200,
        data: { id: 2 },
      });
      expect(await database.dump()).toBe(before);
      expect(Reflect.get({}, "isStaff")).toBeUndefined();
    });

    test("a create takes neither primary key nor owner nor hidden columns from the client", async () => {
      const { connect, database } = await startBlog(on);
      const peer = await connect("posts", "bob");
      const answer = await peer.answerTo("x", `{"action":"create","request_id":"x","data":{"title":"new",${FORBIDDEN}}}`);
      expect(answer).toMatchObject({ response_status: 201, data: { id: 13, owner: { id: 2, username: "bob" } } });
      expect(await database.Post.objects.get({ pk: 13 })).toMatchObject({ title: "new", ownerId: 2, moderation: "none" });
      expect(Reflect.get({}, "isStaff")).toBeUndefined();
    });
  });

  describe("another user's row", () => {
    test("that getQueryset hides is 404 for every action, and stays as it is", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const peer = await connect("posts", "bob");
      for (const pk of [1, "1", " 1 ", 1.5, true, "0_1", 9, 12]) {
        for (const action of ["retrieve", "update", "patch", "delete"]) {
          const frame = { action, pk, data: { title: "mine" }, ownerId: 1, owner: 1, filters: {} };
          expect([action, pk, await peer.ask(frame)]).toMatchObject([
            action,
            pk,
            { response_status: 404, errors: ["Not found"], data: null },
          ]);
        }
      }
      expect(await database.dump()).toBe(before);
    });

    test("that an object permission protects is 403 for every writing action, and stays as it is", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const peer = await connect("users", "bob");
      for (const action of ["update", "patch", "delete"]) {
        expect(await peer.ask({ action, pk: 1, data: { username: "mine", password: passwordOf("mine") } })).toMatchObject({
          response_status: 403,
        });
      }
      expect(await database.dump()).toBe(before);
    });

    test("is not given to a custom action by a permission that only lets `retrieve` have it", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const peer = await connect("users", "bob");
      expect(await peer.ask({ action: "retrieve", pk: 1 })).toMatchObject({ response_status: 200 });
      expect(await peer.ask({ action: "rename", pk: 1, username: "mine" })).toMatchObject({ response_status: 403 });
      expect(await database.dump()).toBe(before);
    });
  });

  describe("hostile values and names", () => {
    test("every argument of every action takes every hostile value without a 500 and without a change to another user's row", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const present = { pk: 1, data: { email: "mine@example.com", body: "mine" }, username: "mine" };
      for (const [path, actions] of Object.entries(STREAMS)) {
        const peer = await connect(path, "bob");
        for (const answer of await peer.askAll(hostileRequests(actions, present))) {
          expect([200, 400, 403, 404, 405]).toContain(answer.response_status);
        }
      }
      expect(await database.dump()).toBe(before);
    });

    test("the hostile data of one's own row change it only where a field takes the value", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const peer = await connect("posts", "bob");
      for (const { response_status } of await peer.askAll(hostileRequests(["update", "patch"], { pk: 5, data: {} }))) {
        expect([200, 400, 404]).toContain(response_status);
      }
      expect(await database.dump()).toBe(before);
    });

    test("operators in place of a column's value are refused by the field", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const peer = await connect("posts", "bob");
      for (const value of [{ $ne: null }, { $set: { title: "x" } }, [{ $gt: "" }], ["x"], { toString: "x" }, { sql: "x" }]) {
        for (const field of ["title", "body", "rating", "moderation"]) {
          expect(await peer.ask({ action: "patch", pk: 5, data: { [field]: value } })).toMatchObject({
            response_status: 400,
            errors: [{ [field]: [expect.any(String)] }],
          });
        }
      }
      expect(await database.dump()).toBe(before);
    });

    test.each(HOSTILE_NAMES)(
      "the name %j is refused as filter, ordering, stream and action, and ignored as a field",
      async (name) => {
        const { connect, database } = await startBlog(on);
        const before = await database.dump();
        const peer = await connect("all", "bob");
        for (const stream of ["users", "posts", "feed"]) {
          expect(await peer.ask({ action: "list", filters: { [name]: "x" } }, stream)).toMatchObject({ response_status: 400 });
          expect(await peer.ask({ action: name }, stream)).toMatchObject({ response_status: 405 });
        }
        if (name !== "")
          expect(await peer.ask({ action: "list", ordering: name }, "posts")).toMatchObject({ response_status: 400 });
        expect(await peer.ask({ action: "patch", pk: 5, data: { [name]: "x" } }, "posts")).toMatchObject({
          response_status: 200,
        });
        expect(await peer.ask({ action: "list" }, name)).toMatchObject({ response_status: 404 });
        expect(await database.dump()).toBe(before);
      },
    );

    test("a text that looks like SQL is stored and found as the text that it is", async () => {
      const { connect, database } = await startBlog(on);
      const peer = await connect("posts", "bob");
      const title = `'); DROP TABLE blog_post; -- " %_\\`;
      expect(await peer.ask({ action: "create", data: { title } })).toMatchObject({ response_status: 201, data: { title } });
      expect(await peer.ask({ action: "list", filters: { title } })).toMatchObject({ data: { count: 1 } });
      expect(await peer.ask({ action: "list", filters: { title__icontains: "%_" } })).toMatchObject({ data: { count: 1 } });
      expect(await peer.ask({ action: "list", filters: { title__icontains: "%" } })).toMatchObject({ data: { count: 1 } });
      expect(await database.Post.objects.count()).toBe(NAMES.length * 4 + 1);
    });
  });
});
