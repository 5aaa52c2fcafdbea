import type { BelongsTo, ManyToMany } from "../models/relations.ts";
import type { AnyModel } from "../models/model.ts";
import { capitalized, columnLabel } from "./column-label.ts";
import type { Field } from "./fields/field.ts";
import { ManyRelatedField } from "./fields/many-related-field.ts";
import { PrimaryKeyRelatedField } from "./fields/primary-key-related-field.ts";
import type { ExtraKwargs } from "./model-serializer-options.ts";

/** The field of a many-to-many relation: a list of primary keys, empty when it is not sent. */
export function fieldOfManyToMany(name: string, relation: ManyToMany, kwargs: ExtraKwargs): Field {
  const label = kwargs.label ?? capitalized(columnLabel(name));
  const child = new PrimaryKeyRelatedField({ queryset: () => relation.model().objects });
  if (kwargs.readOnly) return new ManyRelatedField({ ...kwargs, label, child });
  if ("default" in kwargs) return new ManyRelatedField({ ...kwargs, label, child });
  return new ManyRelatedField({ ...kwargs, label, child, required: kwargs.required ?? false });
}

/** The field of a foreign key that is listed by its relation's name: the primary key that its column holds. */
export function fieldOfBelongsTo(name: string, model: AnyModel, relation: BelongsTo, kwargs: ExtraKwargs): Field {
  const column = model.columns.get(relation.column);
  const optional = column === undefined || column.nullable || column.hasDefault;
  return new PrimaryKeyRelatedField({
    label: capitalized(columnLabel(name)),
    allowNull: column?.nullable ?? false,
    ...("default" in kwargs || kwargs.readOnly ? {} : { required: !optional }),
    ...kwargs,
    source: relation.column,
    queryset: () => relation.model().objects,
  });
}
