import { Conflict } from "../../src/index.ts";
import type { Domain } from "./domain.ts";
import type { Step } from "./steps.ts";

/** Runs steps in one transaction; `fail` outside of any savepoint undoes it all. */
export function runSteps(domain: Domain, steps: readonly Step[]): Promise<void> {
  return domain.transaction(() => runAll(domain, steps));
}

async function runAll(domain: Domain, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await runStep(domain, step);
}

async function runStep(domain: Domain, step: Step): Promise<void> {
  const { db, Task, Project } = domain;
  switch (step.op) {
    case "create":
      return void (await Task.objects.bulkCreate([...step.rows]));
    case "update":
      return updateRows(domain, step);
    case "delete":
      return void (await Task.objects.filter({ id__in: [...step.pks] }).delete());
    case "savepoint":
      return db.atomic(() => runAll(domain, step.steps)).catch(ignoreConflict);
    case "deleteProject":
      return void (await Project.objects.filter({ id: step.pk }).delete());
    case "fail":
      throw new Conflict("Asked to fail.");
  }
}

/** PostgreSQL counts versions in a trigger. Here nobody else writes meanwhile, so rows of one version are changed together. */
async function updateRows({ engine, Task }: Domain, { pks, values }: Extract<Step, { op: "update" }>): Promise<void> {
  const rows = Task.objects.filter({ id__in: [...pks] });
  if (engine === "postgres") return void (await rows.update(values));
  const versions = new Set((await rows.toArray()).map(({ version }) => version));
  // From the highest down, so that no row is changed twice.
  for (const version of [...versions].toSorted((a, b) => b - a))
    await rows.filter({ version }).update({ ...values, version: version + 1 });
}

function ignoreConflict(error: unknown): void {
  if (!(error instanceof Conflict)) throw error;
}
