import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { db, User } from "./models.ts";
import { hashPassword } from "./password.ts";

/** Fills a new database with three users. Their passwords are random: set one with `patch` to know it. */
export async function seed(): Promise<void> {
  if (await hasEverHadUsers()) return;
  const passwords = await Promise.all([1, 2, 3].map(() => hashPassword(randomUUID())));
  await User.objects.bulkCreate(
    passwords.map((password, index) => ({ username: `test ${index + 1}`, email: `${index + 1}@example.com`, password })),
  );
}

/** SQLite remembers the last id of an AUTOINCREMENT table, so this stays true when all users are deleted. */
async function hasEverHadUsers(): Promise<boolean> {
  const rows = await db.execute(sql`SELECT seq FROM sqlite_sequence WHERE name = 'auth_user'`);
  return rows.length > 0;
}
