import { z } from "zod";

const values = z.object({
  title: z.string(),
  project: z.number(),
  assignee: z.number().nullable(),
  priority: z.number(),
  status: z.string(),
  due: z.string().nullable(),
  estimate: z.string().nullable(),
  archived: z.boolean(),
});

/** What a client writes to a task. */
export type TaskValues = z.infer<typeof values>;

/** One step of a transaction. `fail` undoes the savepoint that it is in, or the transaction. */
export type Step =
  | { readonly op: "create"; readonly rows: readonly TaskValues[] }
  | { readonly op: "update"; readonly pks: readonly number[]; readonly values: Partial<TaskValues> }
  | { readonly op: "delete"; readonly pks: readonly number[] }
  | { readonly op: "savepoint"; readonly steps: readonly Step[] }
  | { readonly op: "deleteProject"; readonly pk: number }
  | { readonly op: "fail" };

const pks = z.array(z.number()).max(1000);

export const step: z.ZodType<Step> = z.lazy(() =>
  z.discriminatedUnion("op", [
    z.object({ op: z.literal("create"), rows: z.array(values).max(1000) }),
    z.object({ op: z.literal("update"), pks, values: values.partial() }),
    z.object({ op: z.literal("delete"), pks }),
    z.object({ op: z.literal("savepoint"), steps: z.array(step) }),
    z.object({ op: z.literal("deleteProject"), pk: z.number() }),
    z.object({ op: z.literal("fail") }),
  ]),
) as z.ZodType<Step>;
