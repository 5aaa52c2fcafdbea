import fc from "fast-check";
import type { Lab } from "./lab.ts";

/** One statement on tasks. `at` chooses among the rows that are there. */
type Step =
  | { readonly kind: "create"; readonly values: TaskValues }
  | { readonly kind: "bulkCreate"; readonly many: readonly TaskValues[] }
  | { readonly kind: "update"; readonly at: number; readonly values: Partial<TaskValues> }
  | { readonly kind: "delete"; readonly at: number }
  | { readonly kind: "updateAll"; readonly of: number | null; readonly values: Partial<TaskValues> }
  | { readonly kind: "deleteAll"; readonly of: number | null }
  | { readonly kind: "move"; readonly at: number }
  | { readonly kind: "rolledBack"; readonly steps: readonly Step[] };

interface TaskValues {
  readonly title: string;
  readonly priority: number | null;
  readonly done: boolean;
  readonly ownerId: number | null;
  readonly teamId: number | null;
}

/** The teams that random tasks are of. */
export const TEAMS = [{ name: "red" }, { name: "blue" }];

const owner = fc.constantFrom(1, 2, null);
const members = {
  title: fc.constantFrom("a", "A", "b", "é", "e\u0301", "z", "\uFFFD", "😀", "", "Ä", "ß", "_%"),
  priority: fc.constantFrom(null, -1, 0, 1, 2, 3, 2_000_000_000),
  done: fc.boolean(),
  ownerId: owner,
  teamId: fc.constantFrom(1, 2, null),
};
const values = fc.record(members);
const some = fc.record(members, { requiredKeys: [] });
const at = fc.nat(30);
const simple: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("create" as const), values }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bulkCreate" as const), many: fc.array(values, { maxLength: 8 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("update" as const), at, values: some }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("updateAll" as const), of: owner, values: some }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("deleteAll" as const), of: owner }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), at }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: simple },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("rolledBack" as const), steps: fc.array(simple, { minLength: 1, maxLength: 3 }) }),
  },
);

/** Some statements that commit together. */
export const transaction = fc.array(step, { minLength: 1, maxLength: 5 });
export const initialTasks = fc.array(values, { maxLength: 12 });

export async function commit(lab: Lab, steps: readonly Step[]): Promise<void> {
  await lab.db.atomic(() => runAll(lab, steps));
}

async function runAll(lab: Lab, steps: readonly Step[]): Promise<void> {
  for (const each of steps) await run(lab, each);
}

class Rollback extends Error {}

let keys = 0;

/** A primary key that the database never makes by itself. */
function unusedKey(): number {
  keys -= 1;
  return keys;
}

async function run(lab: Lab, each: Step): Promise<void> {
  const { Task, db } = lab;
  switch (each.kind) {
    case "create":
      return void (await Task.objects.create(each.values));
    case "bulkCreate":
      return void (await Task.objects.bulkCreate(each.many));
    case "updateAll":
      if (Object.keys(each.values).length > 0) await Task.objects.where(ofOwner(lab, each.of)).update(each.values);
      return;
    case "deleteAll":
      return void (await Task.objects.where(ofOwner(lab, each.of)).delete());
    case "rolledBack":
      try {
        await db.atomic(async () => {
          await runAll(lab, each.steps);
          throw new Rollback();
        });
      } catch (error) {
        if (!(error instanceof Rollback)) throw error;
      }
      return;
    default:
      return runOnOne(lab, each);
  }
}

function ofOwner({ Task }: Lab, ownerId: number | null) {
  const { where } = (ownerId === null ? Task.objects.filter({ ownerId__isnull: true }) : Task.objects.filter({ ownerId })).query;
  if (where === null) throw new TypeError("Expected a condition.");
  return where;
}

async function runOnOne({ Task }: Lab, each: Extract<Step, { readonly at: number }>): Promise<void> {
  const ids = await Task.objects.orderBy("id").values("id").toArray();
  const id = ids[each.at % Math.max(1, ids.length)]?.id;
  if (id === undefined) return;
  const row = Task.objects.filter({ id });
  if (each.kind === "delete") await row.delete();
  if (each.kind === "update" && Object.keys(each.values).length > 0) await row.update(each.values);
  if (each.kind === "move") await row.update({ id: unusedKey() });
}
