import type { Dialect } from "./dialect.ts";
import type { ResolvedColumn, ResolvedOrdering } from "./lookup-resolver.ts";
import type { AnyModel } from "./model.ts";
import type { Where } from "./where.ts";

/** Writes the parts of one statement over a model: names quoted, joins collected, placeholders counted. */
export class SqlWriter {
  readonly #model: AnyModel;
  readonly #dialect: Dialect;
  readonly #joins = new Map<string, string>();
  #placeholders = 0;

  constructor(model: AnyModel) {
    this.#model = model;
    this.#dialect = model.database.dialect;
  }

  readonly placeholder = (): string => {
    this.#placeholders += 1;
    return this.#dialect.placeholder(this.#placeholders);
  };

  column(resolved: Pick<ResolvedColumn, "path" | "steps" | "column">): string {
    return `${this.#table(resolved)}.${this.#dialect.quote(resolved.column.columnName)}`;
  }

  /** Call it after everything that may need a join was written. */
  get joins(): string {
    return [...this.#joins.values()].join("");
  }

  where(where: Where | null): string {
    return where === null ? "" : ` WHERE ${this.condition(where)}`;
  }

  condition(where: Where): string {
    switch (where.type) {
      case "nothing":
        return "1 = 0";
      case "not":
        return `(${this.condition(where.child)}) IS NOT TRUE`;
      case "condition": {
        const resolved = this.#model.resolver.lookup(where.name);
        if (where.lookup === "isnull" && where.value === false) return `${this.column(resolved)} IS NOT NULL`;
        return resolved.operator.write(this.column(resolved), this.placeholder);
      }
      default: {
        const joiner = where.type === "and" ? " AND " : " OR ";
        return `(${where.children.map((child) => this.condition(child)).join(joiner)})`;
      }
    }
  }

  orderBy(orderings: readonly ResolvedOrdering[], reversed: boolean): string {
    if (orderings.length === 0) return "";
    const terms = orderings.map((resolved) => this.#dialect.ordering(this.column(resolved), resolved.descending !== reversed));
    return ` ORDER BY ${terms.join(", ")}`;
  }

  limit(): string {
    return ` LIMIT ${this.#dialect.count(this.placeholder())}`;
  }

  /** Limit, if there is one, and offset. */
  slice(limited: boolean): string {
    const limit = limited ? this.limit() : this.#dialect.noLimit;
    return `${limit} OFFSET ${this.#dialect.count(this.placeholder())}`;
  }

  #table({ path, steps }: Pick<ResolvedColumn, "path" | "steps">): string {
    let table = this.#model.tableSql;
    for (const [index, step] of steps.entries()) {
      const alias = this.#dialect.quote(path.slice(0, index + 1).join("__"));
      if (!this.#joins.has(alias)) this.#joins.set(alias, this.#join(step, table, alias));
      table = alias;
    }
    return table;
  }

  #join(step: ResolvedColumn["steps"][number], from: string, alias: string): string {
    const foreignKey = step.source.columns.get(step.relation.column);
    const left = `${from}.${this.#dialect.quote(foreignKey?.columnName ?? step.relation.column)}`;
    const right = `${alias}.${this.#dialect.quote(referencedColumn(step).columnName)}`;
    return ` LEFT JOIN ${step.target.tableSql} AS ${alias} ON ${left} = ${right}`;
  }
}

/** The column that the foreign key points to: mostly, but not always, the primary key. */
function referencedColumn(step: ResolvedColumn["steps"][number]) {
  const name = step.source.columns.get(step.relation.column)?.references?.column;
  return (name === undefined ? undefined : step.target.columns.get(name)) ?? step.target.pk;
}
