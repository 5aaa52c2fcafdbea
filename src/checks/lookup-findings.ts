import type { CheckedResource } from "./checked-consumer.ts";
import type { Finding } from "./finding.ts";

/** A `lookupField` that is no column, or that several rows can share. */
export function lookupFindings({ consumer: { lookupField }, model }: CheckedResource): readonly Finding[] {
  if (model === null || lookupField === "pk") return [];
  const column = model.columns.get(lookupField);
  const place = { model: model.name, field: `lookupField: "${lookupField}"` };
  if (column === undefined) {
    return [
      {
        ...place,
        code: "unknown_lookup_field",
        level: "error",
        message: `lookupField names "${lookupField}", which is no column of ${model.name}: no row can be found.`,
        fix: `Name one of: ${[...model.columns.keys()].join(", ")}.`,
      },
    ];
  }
  if (column.unique || column.primaryKey) return [];
  return [
    {
      ...place,
      code: "lookup_not_unique",
      level: "warning",
      message: `lookupField names "${lookupField}", which several rows of ${model.name} can share: a client gets, changes or deletes any one of them.`,
      fix: `Make the column unique: ${lookupField}: ...unique() in the table, and a migration. Or look up by another column.`,
    },
  ];
}
