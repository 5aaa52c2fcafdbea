import { sql } from "drizzle-orm";
import { z } from "zod";
import { action, AsyncAPIConsumer, BasePermission, type Scope } from "../../src/index.ts";
import type { Domain } from "./domain.ts";
import { runSteps } from "./run-steps.ts";
import { step } from "./steps.ts";
import type { Connected } from "./task-consumer.ts";

class StaffOnly extends BasePermission {
  override hasPermission(scope: Scope): boolean {
    return scope.user?.isStaff === true;
  }
}

const grant = z.object({ person: z.number(), project: z.number() });

/** What a workload does besides ordinary writes. */
export function adminConsumer(domain: Domain, connected: Connected) {
  const { db, Grant, Project } = domain;

  const refresh = async (person: number): Promise<void> => {
    const affected = [...connected].filter(({ scope }) => scope.user?.id === person);
    await Promise.all(affected.map((consumer) => consumer.refresh()));
  };

  return class AdminConsumer extends AsyncAPIConsumer {
    override permissionClasses = [StaffOnly];

    /** Runs steps in one transaction. */
    transact = action({ input: z.object({ steps: z.array(step) }) }, async ({ steps }) => {
      await runSteps(domain, steps);
    });

    grant = action({ input: grant }, async ({ person, project }) => {
      await Grant.objects.create({ person, project });
      await refresh(person);
    });

    revoke = action({ input: grant }, async ({ person, project }) => {
      await Grant.objects.filter({ person, project }).delete();
      await refresh(person);
    });

    moveProject = action({ input: z.object({ project: z.number(), owner: z.number() }) }, async ({ project, owner }) => {
      await Project.objects.filter({ id: project }).update({ owner });
    });

    /** Answers when all that is committed has been handed to the subscriptions. */
    caughtUp = action(async () => {
      const position = await db.changes.position();
      await db.changes.caughtUp(position);
      return position.toString();
    });

    prune = action(async () => {
      await db.changes.prune();
    });

    /** SQLite: how many pages the file may have; a smaller number than it has means: full. */
    maxPages = action({ input: z.object({ pages: z.number() }) }, async ({ pages }) => {
      // The setting is of one connection: inside a block it is that of the writer.
      const [row] = await db.atomic(() => db.execute<{ max_page_count: number }>(sql.raw(`PRAGMA max_page_count = ${pages}`)));
      return row?.max_page_count ?? null;
    });
  };
}
