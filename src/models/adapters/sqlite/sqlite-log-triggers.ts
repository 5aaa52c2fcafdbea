import { createHash } from "node:crypto";
import { encodeJson } from "../../../protocol/json.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { encodedRow, type LoggedColumn } from "./sqlite-log-values.ts";
import type { KeyColumn, TableShape } from "./sqlite-table-shape.ts";

/** The prefix of everything that the log owns in a database. */
export const LOG_PREFIX = "restwave_";

export interface LogTrigger {
  readonly name: string;
  /** As SQLite keeps it in its schema. */
  readonly sql: string;
}

/** The triggers of one table, with what the rows of their entries hold. */
export interface LogTriggers {
  readonly layout: Layout;
  readonly triggers: readonly LogTrigger[];
}

/** Which columns the rows of an entry hold, in order. The id follows from the rest. */
export interface Layout {
  readonly id: number;
  readonly table: string;
  readonly columns: readonly string[];
}

const quote = (name: string): string => sqliteDialect.quote(name);

export function layoutOf(table: string, columns: readonly string[]): Layout {
  const hash = createHash("sha256")
    .update(encodeJson([table, columns]))
    .digest();
  return { id: hash.readUIntBE(0, 6), table, columns };
}

/** The triggers that log these columns, by name. */
export function logTriggers(shape: TableShape, columns: readonly string[]): LogTriggers {
  const logged = columns.map((name) => shape.columns.get(name)).filter((column) => column !== undefined);
  const layout = layoutOf(shape.table, columns);
  const makes = new TriggerMaker(shape, logged, layout.id);
  return { layout, triggers: [...makes.plain(), ...(shape.uniqueKeys.length === 0 ? [] : makes.forReplace())] };
}

/** Writes the triggers of one table. */
class TriggerMaker {
  readonly #shape: TableShape;
  readonly #columns: readonly LoggedColumn[];
  readonly #layout: number;

  constructor(shape: TableShape, columns: readonly LoggedColumn[], layout: number) {
    this.#shape = shape;
    this.#columns = columns;
    this.#layout = layout;
  }

  plain(): LogTrigger[] {
    const [before, after] = [encodedRow("OLD", this.#columns), encodedRow("NEW", this.#columns)];
    const replaced = this.#shape.uniqueKeys.length === 0 ? "" : this.#logReplaced();
    return [
      this.#trigger("insert", "AFTER INSERT", `${replaced}${this.#log("'insert'", "NULL", after)}`),
      this.#trigger("update", "AFTER UPDATE", this.#log("'update'", before, after)),
      this.#trigger("delete", "AFTER DELETE", this.#log("'delete'", before, "NULL")),
    ];
  }

  /**
   * REPLACE removes the rows in its way without firing delete triggers (unless recursive triggers are on, which would make an application's own
   * triggers call themselves). So such rows are noted before the write, and logged after it: then they are gone, for the new row is there.
   */
  forReplace(): LogTrigger[] {
    const { uniqueKeys, identity } = this.#shape;
    const changed = [...new Set(uniqueKeys.flat().map((column) => column.name))];
    const when = changed.map((name) => `NEW.${quote(name)} IS NOT OLD.${quote(name)} COLLATE BINARY`).join(" OR ");
    const event = `UPDATE OF ${changed.map(quote).join(", ")}`;
    const itself = identity.map((name) => `standing.${quote(name)} IS OLD.${quote(name)}`).join(" AND ");
    return [
      this.#trigger("conflict", "BEFORE INSERT", this.#noteReplaced("")),
      this.#trigger("clash", `BEFORE ${event}`, this.#noteReplaced(itself === "" ? "" : ` AND NOT (${itself})`), when),
      this.#trigger("replace", `AFTER ${event}`, this.#logReplaced(), when),
    ];
  }

  #noteReplaced(condition: string): string {
    const conflicts = this.#shape.uniqueKeys.map((key) => this.#conflict(key)).join(" OR ");
    const standing = encodedRow("standing", this.#columns);
    return (
      `  DELETE FROM restwave_replaced WHERE layout = ${this.#layout};\n` +
      `  INSERT INTO restwave_replaced (layout, old) SELECT ${this.#layout}, ${standing} FROM ${quote(this.#shape.table)} AS standing WHERE (${conflicts})${condition};\n`
    );
  }

  /** Before its insertion a row that gets its rowid from SQLite has -1 there. */
  #conflict(key: readonly KeyColumn[]): string {
    const equal = key.map(({ name, collation }) => `standing.${quote(name)} = NEW.${quote(name)} COLLATE ${quote(collation)}`);
    const isRowid = key.length === 1 && key[0]?.name === this.#shape.rowidAlias;
    return `(${[...equal, ...(isRowid ? [`NEW.${quote(key[0]?.name ?? "")} <> -1`] : [])].join(" AND ")})`;
  }

  #logReplaced(): string {
    return (
      `  INSERT INTO restwave_change (layout, op, old) SELECT layout, 'delete', old FROM restwave_replaced WHERE layout = ${this.#layout};\n` +
      `  DELETE FROM restwave_replaced WHERE layout = ${this.#layout};\n`
    );
  }

  #log(operation: string, before: string, after: string): string {
    return `  INSERT INTO restwave_change (layout, op, old, new) VALUES (${this.#layout}, ${operation}, ${before}, ${after});\n`;
  }

  #trigger(kind: string, event: string, body: string, when?: string): LogTrigger {
    const name = `${LOG_PREFIX}${kind}_${this.#shape.table}`;
    const condition = when === undefined ? "" : ` WHEN ${when}`;
    return {
      name,
      sql: `CREATE TRIGGER ${quote(name)} ${event} ON ${quote(this.#shape.table)} FOR EACH ROW${condition} BEGIN\n${body}END`,
    };
  }
}
