import { decidesItself } from "../contracts/serializer-kind.ts";
import type { AnyModel } from "../models/model.ts";
import type { Relation } from "../models/relations.ts";
import type { Field } from "../serializers/fields/field.ts";
import { SerializerMethodField } from "../serializers/fields/serializer-method-field.ts";
import type { CheckedResource } from "./checked-consumer.ts";
import type { Finding } from "./finding.ts";

/** Resources without rows or serializer, and fields of a serializer that read what no row has. */
export function serializerFindings(resource: CheckedResource): readonly Finding[] {
  const { serializer } = resource;
  const findings = missing(resource);
  if (serializer === null) return findings;
  const { model, fields } = serializer.declaration;
  const own = Object.entries(fields).flatMap(([name, field]) => {
    if (field instanceof SerializerMethodField) return methodFindings(serializer, name, field);
    return model === null || decidesItself(serializer) ? [] : sourceFindings(serializer.name, model, name, field);
  });
  return [...findings, ...own];
}

function missing({ consumer, choosesQueryset, choosesSerializer }: CheckedResource): Finding[] {
  const findings: Finding[] = [];
  if (consumer.queryset === undefined && !choosesQueryset) {
    findings.push({
      code: "missing_queryset",
      level: "error",
      field: "queryset",
      message: "The consumer has no queryset: every action on rows fails, and nothing can be observed.",
      fix: "Pass { queryset: Model.objects.all() } to GenericAsyncAPIConsumer, or override getQueryset().",
    });
  }
  if (consumer.serializerClass === undefined && !choosesSerializer) {
    findings.push({
      code: "missing_serializer",
      level: "error",
      field: "serializerClass",
      message: "The consumer has no serializer: every action on rows fails.",
      fix: "Pass { serializerClass } to GenericAsyncAPIConsumer, or override getSerializerClass().",
    });
  }
  return findings;
}

function methodFindings(
  serializer: { readonly name: string; readonly prototype: object },
  name: string,
  field: SerializerMethodField,
): Finding[] {
  const method = field.methodOf(name);
  if (typeof Reflect.get(serializer.prototype, method) === "function") return [];
  return [
    {
      code: "missing_serializer_method",
      level: "error",
      field: `${serializer.name}.${name}`,
      message: `${serializer.name} has the method field "${name}", but no method ${method}: every answer with a row fails.`,
      fix: `Add ${method}(row) { ... } to ${serializer.name}, or name the method: new SerializerMethodField({ method: "..." }).`,
    },
  ];
}

function sourceFindings(serializer: string, model: AnyModel, name: string, field: Field): Finding[] {
  const source = field.source ?? name;
  const isOptional = field.hasDefault || field.allowNull || (!field.required && !field.readOnly);
  if (field.writeOnly || isOptional || source === "*" || isReadable(model, source.split("."))) return [];
  return [
    {
      code: "unknown_serializer_field",
      level: "error",
      model: model.name,
      field: `${serializer}.${name}`,
      message: `${serializer}.${name} reads "${source}", which no row of ${model.name} has: every answer with a row fails.`,
      fix: `Name a column or relation as its source (${[...model.columns.keys(), ...Object.keys(model.relations)].join(", ")}), or make it a SerializerMethodField.`,
    },
  ];
}

function isReadable(model: AnyModel, [head = "", ...rest]: readonly string[]): boolean {
  if (model.columns.has(head) || head === "pk") return rest.length === 0 || model.columns.get(head)?.kind === "json";
  const relation: Relation | undefined = Object.hasOwn(model.relations, head) ? model.relations[head] : undefined;
  if (relation === undefined) return false;
  return rest.length === 0 || relation.type === "manyToMany" || isReadable(relation.model(), rest);
}
