import { describe, expect, test } from "vitest";
import { startBlog } from "./blog-server.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";

describeOnDatabases("conflicts", async (on) => {
  describe("a constraint of the database that a client runs into", () => {
    test("a row that others refer to is not deleted: 409, without a word of the database, and nothing is logged", async () => {
      const { connect, database, capture } = await startBlog(on);
      const before = await database.dump();
      const peer = await connect("users", "ann");
      expect(await peer.ask({ action: "delete", pk: 1 })).toMatchObject({
        response_status: 409,
        errors: ["Other rows still refer to this one."],
        data: null,
      });
      expect(await database.dump()).toBe(before);
      expect(capture.log).toEqual([]);
    });

    test("a check is 400 on what was sent, and a value that is taken 400 on its field", async () => {
      const { connect, database } = await startBlog(on);
      const before = await database.dump();
      const posts = await connect("posts", "ann");
      expect(await posts.ask({ action: "patch", pk: 1, data: { rating: -1 } })).toMatchObject({
        response_status: 400,
        errors: [{ non_field_errors: ["Invalid input."] }],
      });
      const users = await connect("users", "ann");
      expect(await users.ask({ action: "patch", pk: 1, data: { username: "bob" } })).toMatchObject({
        response_status: 400,
        errors: [{ username: [expect.stringContaining("already exists")] }],
      });
      expect(await database.dump()).toBe(before);
    });

    test("many clients that take one name at once: one gets it, the others 400 on the field", async () => {
      const { connect, capture } = await startBlog(on);
      const peers = await Promise.all(Array.from({ length: 20 }, () => connect("users", "ann")));
      const data = { username: "new", password: "long enough" };
      const answers = await Promise.all(peers.map((peer) => peer.ask({ action: "create", data })));
      expect(answers.filter(({ response_status }) => response_status === 201)).toHaveLength(1);
      const refused = answers.filter(({ response_status }) => response_status === 400);
      expect(refused).toHaveLength(19);
      for (const { errors } of refused) expect(errors).toMatchObject([{ username: [expect.stringContaining("already exists")] }]);
      expect(capture.log).toEqual([]);
    });
  });
});
