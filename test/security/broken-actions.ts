import { sql } from "drizzle-orm";
import { z } from "zod";
import { action, AsyncAPIConsumer } from "../../src/index.ts";
import { type BlogDatabase, hashPassword, passwordOf, secretOf } from "./blog-database.ts";

/** Stands in every message of an error that the application throws: the log has it, no client sees it. */
export const APPLICATION_DETAIL = "application detail";

function failing(where: string): never {
  throw new Error(`${APPLICATION_DETAIL} ${where}`);
}

/** A consumer whose actions fail in all the ways in which an application can. */
export function brokenActions({ db, User, Post, users }: Pick<BlogDatabase, "db" | "User" | "Post" | "users">) {
  const duplicate = { username: "ann", password: hashPassword(passwordOf("ann")), secret: secretOf("ann") };
  const input = z.object({ password: z.string() });

  return class extends AsyncAPIConsumer {
    throws = action(() => failing("in /etc/blog/config.json"));
    throwsText = action(() => {
      // oxlint-disable-next-line typescript/only-throw-error -- applications do
      throw `${APPLICATION_DETAIL} as text`;
    });
    throwsRow = action(async () => {
      // oxlint-disable-next-line typescript/only-throw-error -- applications do
      throw await User.objects.get({ pk: 1 });
    });
    throwsCycle = action(() => {
      const error = new Error(`${APPLICATION_DETAIL} in a cycle`);
      error.cause = error;
      throw error;
    });
    wraps = action(async () => {
      try {
        await db.execute(sql`SELECT password FROM nowhere WHERE secret = ${secretOf("ann")}`);
      } catch (cause) {
        throw new Error(`${APPLICATION_DETAIL} around a cause`, { cause });
      }
    });
    rawSql = action(() => db.execute(sql`SELECT password FROM nowhere WHERE secret = ${secretOf("ann")}`));
    rawInsert = action({ input }, ({ password }) =>
      db.execute(sql`INSERT INTO auth_user (username, password, secret) VALUES ('ann', ${password}, ${secretOf("x")})`),
    );
    drizzleInsert = action({ input }, ({ password }) => db.drizzle.insert(users).values({ ...duplicate, password }));
    modelUnique = action({ input }, ({ password }) => User.objects.create({ ...duplicate, password }));
    modelCheck = action(() => Post.objects.create({ title: "x", ownerId: 1, rating: -1, moderation: secretOf("x") }));
    modelForeignKey = action(() => Post.objects.create({ title: "x", ownerId: 99, moderation: secretOf("x") }));
    modelNull = action(() => db.execute(sql`UPDATE auth_user SET password = NULL WHERE secret = ${secretOf("ann")}`));
    transaction = action({ atomic: db }, async () => {
      await User.objects.filter({ pk: 1 }).update({ email: "changed@example.com" });
      await User.objects.create(duplicate);
    });
    unserializable = action(() => ({ password: duplicate.password, call: () => undefined }));
    wrongOutput = action({ output: z.object({ id: z.number() }) }, () => ({ id: duplicate.password }) as never);
    failingStream = action(async function* () {
      yield 1;
      yield await db.execute(sql`SELECT password FROM nowhere WHERE secret = ${secretOf("ann")}`);
    });
    failingSchema = action({ input: z.object({}).refine(() => failing("in a schema")) }, () => null);
  };
}

/** The wire names of the actions. */
export const BROKEN_ACTIONS = [
  "throws",
  "throws_text",
  "throws_row",
  "throws_cycle",
  "wraps",
  "raw_sql",
  "raw_insert",
  "drizzle_insert",
  "model_unique",
  "model_check",
  "model_foreign_key",
  "model_null",
  "transaction",
  "unserializable",
  "wrong_output",
  "failing_stream",
  "failing_schema",
] as const;
