import type { Dialect } from "./dialect.ts";
import type { ResolvedColumn, ResolvedOrdering } from "./lookup-resolver.ts";
import type { AnyModel } from "./model.ts";
import type { Where } from "./where.ts";

/** Bytes of a name in PostgreSQL; what is longer is cut off. */
const MAX_ALIAS = 63;

interface Join {
  /** Quoted. */
  readonly alias: string;
  readonly sql: string;
}

/** Writes the parts of one statement over a model: names quoted, joins collected, placeholders counted. */
export class SqlWriter {
  readonly #model: AnyModel;
  readonly #dialect: Dialect;
  /** By the path of relations that leads to the joined table. */
  readonly #joins = new Map<string, Join>();
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
    return [...this.#joins.values()].map((join) => join.sql).join("");
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
        const condition = resolved.operator.write(this.column(resolved), this.placeholder);
        return where.lookup === "isnull" && where.value === false ? `NOT (${condition})` : condition;
      }
      default: {
        const joiner = where.type === "and" ? " AND " : " OR ";
        return `(${where.children.map((child) => this.condition(child)).join(joiner)})`;
      }
    }
  }

  /** What rows are sorted by. */
  sortKey(resolved: ResolvedOrdering): string {
    return this.#dialect.sortKey(resolved.column, this.column(resolved));
  }

  orderBy(orderings: readonly ResolvedOrdering[], reversed: boolean): string {
    if (orderings.length === 0) return "";
    const terms = orderings.map((resolved) => this.#orderingTerm(resolved, resolved.descending !== reversed));
    return ` ORDER BY ${terms.join(", ")}`;
  }

  #orderingTerm(resolved: ResolvedOrdering, descending: boolean): string {
    const nullable = resolved.column.nullable || resolved.path.length > 0;
    return this.#dialect.ordering(this.sortKey(resolved), descending, nullable);
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
      const name = path.slice(0, index + 1).join("__");
      const join = this.#joins.get(name) ?? this.#join(step, table, this.#aliasOf(name));
      this.#joins.set(name, join);
      table = join.alias;
    }
    return table;
  }

  /** The path itself, unless a database would cut it off, or take it for the table that the statement begins with. */
  #aliasOf(name: string): string {
    const isUsable = Buffer.byteLength(name) <= MAX_ALIAS && name.toLowerCase() !== this.#model.tableName.toLowerCase();
    return this.#dialect.quote(isUsable ? name : `join ${this.#joins.size + 1}`);
  }

  #join(step: ResolvedColumn["steps"][number], from: string, alias: string): Join {
    const foreignKey = step.source.columns.get(step.relation.column);
    const left = `${from}.${this.#dialect.quote(foreignKey?.columnName ?? step.relation.column)}`;
    const right = `${alias}.${this.#dialect.quote(referencedColumn(step).columnName)}`;
    return { alias, sql: ` LEFT JOIN ${step.target.tableSql} AS ${alias} ON ${left} = ${right}` };
  }
}

/** The column that the foreign key points to: mostly, but not always, the primary key. */
function referencedColumn(step: ResolvedColumn["steps"][number]) {
  const name = step.source.columns.get(step.relation.column)?.references?.column;
  return (name === undefined ? undefined : step.target.columns.get(name)) ?? step.target.pk;
}
