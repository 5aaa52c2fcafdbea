import type { Table } from "drizzle-orm";
import { ImproperlyConfigured } from "../../protocol/exceptions.ts";
import type { ModelColumn } from "../model-column.ts";
import { Model, type AnyModel } from "../model.ts";
import type { ManyToMany, Relations } from "../relations.ts";
import type { JoinEnd, LogPlan } from "./log-plan.ts";

/** How a model is observed. */
export interface ObserveOptions {
  /** Property keys of columns that the log must not hold. */
  readonly exclude?: readonly string[];
  /** Observe the join tables of the model's many-to-many relations too. */
  readonly manyToMany?: boolean;
}

interface Observation {
  readonly exclude: Set<string>;
  manyToMany: boolean;
}

interface TableDraft {
  readonly models: AnyModel[];
  readonly columns: Map<string, ModelColumn>;
  readonly excluded: Set<string>;
}

/** Which models are observed, and what has to be logged for them. */
export class ObservedModels {
  readonly #observations = new Map<AnyModel, Observation>();
  readonly #throughModels = new Map<Table, AnyModel>();
  #plan: LogPlan | null = null;
  #sensitive = 0;

  get models(): readonly AnyModel[] {
    return [...this.#observations.keys()];
  }

  /** @throws ImproperlyConfigured for a model without a primary key, or an excluded column that is none or is the key. */
  observe(model: AnyModel, { exclude = [], manyToMany = false }: ObserveOptions = {}): void {
    const known = this.#observations.get(model);
    if (known !== undefined && (known.manyToMany || !manyToMany) && exclude.every((name) => known.exclude.has(name))) return;
    checkExcluded(model, exclude);
    const observation = known ?? { exclude: new Set(), manyToMany: false };
    for (const name of exclude) observation.exclude.add(name);
    observation.manyToMany ||= manyToMany;
    this.#observations.set(model, observation);
    this.#plan = null;
  }

  /** What has to be logged; the same object until something changes. */
  plan(): LogPlan {
    const sensitive = this.models.reduce((sum, model) => sum + model.sensitiveColumns.size, 0);
    if (this.#plan !== null && this.#sensitive === sensitive) return this.#plan;
    this.#sensitive = sensitive;
    this.#plan = this.#makePlan();
    return this.#plan;
  }

  #makePlan(): LogPlan {
    const drafts = new Map<string, TableDraft>();
    const joins = new Map<AnyModel, JoinEnd[]>();
    for (const [model, { exclude }] of this.#observations) draftModel(drafts, model, exclude);
    for (const [model, { manyToMany }] of this.#observations) if (manyToMany) this.#draftJoins(drafts, joins, model);
    const tables = new Map([...drafts].map(([key, draft]) => [key, loggedTable(draft)]));
    const observed = new Map(
      [...drafts.values()].map(({ models }) => [first(models), models.filter((one) => this.#observations.has(one))]),
    );
    return { tables, observed, joins };
  }

  #draftJoins(drafts: Map<string, TableDraft>, joins: Map<AnyModel, JoinEnd[]>, model: AnyModel): void {
    const relations: Relations = model.relations;
    for (const relation of Object.values(relations)) {
      if (relation.type !== "manyToMany") continue;
      const draft = draftJoin(drafts, this.#throughModel(model, relation), relation);
      const through = first(draft.models);
      joins.set(through, [...(joins.get(through) ?? []), { model, column: relation.source }]);
    }
  }

  #throughModel(model: AnyModel, { through }: ManyToMany): AnyModel {
    const known = model.database.models.find((other) => other.table === through) ?? this.#throughModels.get(through);
    if (known !== undefined) return known;
    const made = new Model(model.database, through);
    this.#throughModels.set(through, made);
    return made;
  }
}

function checkExcluded(model: AnyModel, exclude: readonly string[]): void {
  const pk = model.pk.name;
  for (const name of exclude) {
    if (model.columns.has(name) && name !== pk) continue;
    throw new ImproperlyConfigured(
      `Expected exclude to name columns of ${model.name} other than its primary key (${[...model.columns.keys()].join(", ")}), got "${name}".`,
    );
  }
}

function draftModel(drafts: Map<string, TableDraft>, model: AnyModel, exclude: ReadonlySet<string>): void {
  const draft = draftOf(drafts, model);
  if (!draft.models.includes(model)) draft.models.push(model);
  for (const column of model.columns.values()) draft.columns.set(column.name, column);
  for (const name of [...exclude, ...model.sensitiveColumns]) draft.excluded.add(name);
}

/** Of a join table that nobody observes for itself only the two ends and the key are logged. */
function draftJoin(drafts: Map<string, TableDraft>, through: AnyModel, { source, target }: ManyToMany): TableDraft {
  const draft = draftOf(drafts, through);
  if (draft.models.length === 0) draft.models.push(through);
  const columns: Iterable<ModelColumn> = through.columns.values();
  for (const column of columns) {
    const isEnd = column.name === source || column.name === target;
    if (isEnd || column.primaryKey) draft.columns.set(column.name, column);
    if (isEnd) draft.excluded.delete(column.name);
  }
  return draft;
}

function draftOf(drafts: Map<string, TableDraft>, model: AnyModel): TableDraft {
  const known = drafts.get(model.tableSql);
  const other = known?.models[0];
  if (other !== undefined && other.table !== model.table) {
    throw new ImproperlyConfigured(
      `The table ${model.tableSql} is observed through two definitions (${other.name}, ${model.name}). Observe models over one definition of it.`,
    );
  }
  const draft = known ?? { models: [], columns: new Map(), excluded: new Set() };
  drafts.set(model.tableSql, draft);
  return draft;
}

function loggedTable({ models, columns, excluded }: TableDraft) {
  return {
    model: first(models),
    columns: [...columns.values()].filter((column) => column.primaryKey || !excluded.has(column.name)),
  };
}

function first(models: readonly AnyModel[]): AnyModel {
  const [model] = models;
  if (model === undefined) throw new ImproperlyConfigured("Expected a logged table to have a model.");
  return model;
}
