import { getTableColumns } from "drizzle-orm";
import type { AnyModel } from "../models/model.ts";
import type { ManyToMany, Relation, Relations } from "../models/relations.ts";
import { Model } from "../models/model.ts";
import type { Finding } from "./finding.ts";

/** Relations that lead nowhere. */
export function relationFindings(model: AnyModel): readonly Finding[] {
  const relations: Relations = model.relations;
  return Object.entries(relations).flatMap(([name, relation]) => {
    const problem = targetProblem(relation) ?? (relation.type === "manyToMany" ? joinProblem(relation) : null);
    return problem === null ? [] : [finding(model, name, problem)];
  });
}

interface Problem {
  readonly what: string;
  readonly fix: string;
}

function targetProblem(relation: Relation): Problem | null {
  const target = targetOf(relation);
  if (target instanceof Model) return null;
  return {
    what: `leads to no model, but to ${target === null ? "a name that is not there yet" : String(target)}`,
    fix: "Return a model of database.model(...) from its function. In modules that import each other, put both models into one.",
  };
}

function targetOf(relation: Relation): unknown {
  try {
    return relation.model();
  } catch {
    return null;
  }
}

function joinProblem({ through, source, target }: ManyToMany): Problem | null {
  const columns = Object.keys(getTableColumns(through));
  const unknown = [source, target].filter((name) => !columns.includes(name));
  if (unknown.length === 0) return null;
  return {
    what: `names ${unknown.map((name) => `"${name}"`).join(" and ")} of its join table, which has no such column`,
    fix: `Name two of: ${columns.join(", ")}.`,
  };
}

function finding(model: AnyModel, name: string, { what, fix }: Problem): Finding {
  return {
    code: "broken_relation",
    level: "error",
    model: model.name,
    field: name,
    message: `The relation "${name}" of ${model.name} ${what}.`,
    fix,
  };
}
