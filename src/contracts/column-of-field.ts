import { FieldError } from "../models/errors.ts";
import type { ModelColumn } from "../models/model-column.ts";
import type { AnyModel } from "../models/model.ts";
import type { Relation } from "../models/relations.ts";
import type { Field } from "../serializers/fields/field.ts";
import type { RelatedField } from "../serializers/fields/related-field.ts";
import type { FieldPlace } from "./field-place.ts";

/** A column that a field shows, maybe behind foreign keys. */
export interface ShownColumn {
  readonly column: ModelColumn;
  /** Can what is shown be null, because the column is, or because a row on the way may be missing? */
  readonly nullable: boolean;
}

/** The column whose value a field shows; null when it shows something else, or nothing is known of the model. */
export function columnOfField(field: Field, { name, model }: FieldPlace): ShownColumn | null {
  const path = (field.source ?? name).replaceAll(".", "__");
  if (model === null || path === "*") return null;
  try {
    const { column, steps } = model.resolver.lookup(`${path}__isnull`);
    const isMissable = steps.some(({ source, relation }) => source.columns.get(relation.column)?.nullable ?? true);
    return { column, nullable: column.nullable || isMissable };
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

/** The model whose rows a related field names. A function that finds the rows is not called: it may want to know the user. */
export function relatedModelOf(field: RelatedField, { name, model }: FieldPlace): AnyModel | null {
  if (field.related !== null && typeof field.related !== "function") return field.related.model;
  const relation = model === null ? null : relationOf(model, field.source ?? name);
  return relation === null ? null : relation.model();
}

function relationOf(model: AnyModel, name: string): Relation | null {
  const relations: Readonly<Record<string, Relation>> = model.relations;
  const named = Object.hasOwn(relations, name) ? relations[name] : undefined;
  return named ?? Object.values(relations).find((one) => one.type === "belongsTo" && one.column === name) ?? null;
}
