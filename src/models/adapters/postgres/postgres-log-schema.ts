import { createHash } from "node:crypto";
import { ImproperlyConfigured } from "../../../protocol/exceptions.ts";

/** Grows when an older version must not replace what a newer one has made. */
const VERSION = 1;
/** Of transactions that run together and first write in the same stretch of time, one sends a NOTIFY. */
const NOTIFY_WINDOW_MS = 10;
/** Leaves room for the prefix of trigger names within PostgreSQL's 63 bytes. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;

/** The schema that holds the log, and the SQL that makes it. A schema of its own: drizzle-kit and dumps of the application's schema leave it alone. */
export class PostgresLogSchema {
  readonly name: string;
  /** The channel on which triggers tell of changes. */
  readonly channel: string;
  /** Waits until nobody else sets up this log, until the end of the transaction. */
  readonly setupLock: string;
  /** Makes or upgrades all but the triggers. May be run again. */
  readonly setup: readonly string[];
  readonly #comment: string;

  /** @throws ImproperlyConfigured for a name that would need quotes or is too long. */
  constructor(name: string) {
    if (!SCHEMA_NAME.test(name)) {
      throw new ImproperlyConfigured(
        `Expected the change log's schema to be at most 40 lower-case letters, digits and "_", got "${name}".`,
      );
    }
    this.name = name;
    this.channel = name;
    this.setupLock = `SELECT pg_advisory_xact_lock(hashtext('${name} setup'), 0)`;
    const statements = setupStatements(name, name === "restwave" ? "restwave_log" : `restwave_log_${name}`, this.setupLock);
    const hash = createHash("sha256").update(statements.join()).digest("hex").slice(0, 12);
    this.#comment = `Restwave change log ${VERSION} ${hash}`;
    this.setup = [...statements, `COMMENT ON SCHEMA ${name} IS '${this.#comment}'`];
  }

  /** Is what has this comment good for us? It is when a later version made it. */
  isCurrent(comment: string | null): boolean {
    if (comment === this.#comment) return true;
    return Number(/^Restwave change log (\d+) /.exec(comment ?? "")?.[1] ?? 0) > VERSION;
  }
}

function setupStatements(schema: string, trigger: string, setupLock: string): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    // Sequence numbers are taken one by one: a session that had some in store would write them out of order.
    `CREATE TABLE IF NOT EXISTS ${schema}.change (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  "offset" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1),
  "table" text NOT NULL,
  operation text NOT NULL CHECK (operation IN ('insert', 'update', 'delete', 'lost')),
  before json,
  after json,
  part oid,
  before_at tid,
  after_at tid,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (xid, "offset")
)`,
    // A crash of the server empties an unlogged table, and so does a failover or a backup: transaction numbers may be given out again then.
    `CREATE UNLOGGED TABLE IF NOT EXISTS ${schema}.life (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch text NOT NULL,
  server text NOT NULL,
  pruned xid8 NOT NULL DEFAULT '0'
)`,
    logFunction(schema),
    triggersFunction(schema, trigger),
    logTableFunction(schema),
    serverFunction(schema),
    epochFunction(schema, setupLock),
  ];
}

/**
 * Says what happened to one row, whatever columns its table has by then. Arguments: the table, then the columns if not all are logged. Its
 * settings make texts independent of the writer's session. JSON, not jsonb: it takes every text and number as it is. A row that it cannot write
 * all the same (the application's own types) must not make the write fail.
 *
 * NOTIFY makes commits wait for each other, so of those that run together only one does it; a listener looks after those that were under way
 * then (`postgres-log-watch.ts`). A transaction for a two-phase commit could not be prepared with it.
 */
function logFunction(schema: string): string {
  const members = (row: string): string =>
    `coalesce((SELECT json_object_agg(m.key, m.value) FROM json_each(${row}) m WHERE m.key = ANY (TG_ARGV[1:])), '{}')`;
  return `CREATE OR REPLACE FUNCTION ${schema}.log_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
SET bytea_output = 'hex' SET extra_float_digits = '1'
AS $body$
DECLARE
  old_row json;
  new_row json;
  told boolean := TG_OP <> 'TRUNCATE';
BEGIN
  BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
      old_row := row_to_json(OLD);
      IF TG_NARGS > 1 THEN old_row := ${members("old_row")}; END IF;
    END IF;
    IF TG_OP IN ('UPDATE', 'INSERT') THEN
      new_row := row_to_json(NEW);
      IF TG_NARGS > 1 THEN new_row := ${members("new_row")}; END IF;
    END IF;
  EXCEPTION WHEN OTHERS THEN
    told := false;
  END;
  IF NOT told THEN
    INSERT INTO ${schema}.change ("table", operation) VALUES (TG_ARGV[0], 'lost');
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO ${schema}.change ("table", operation, after, part, after_at)
    VALUES (TG_ARGV[0], 'insert', new_row, TG_RELID, NEW.ctid);
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO ${schema}.change ("table", operation, before, after, part, before_at, after_at)
    VALUES (TG_ARGV[0], 'update', old_row, new_row, TG_RELID, OLD.ctid, NEW.ctid);
  ELSE
    INSERT INTO ${schema}.change ("table", operation, before, part, before_at)
    VALUES (TG_ARGV[0], 'delete', old_row, TG_RELID, OLD.ctid);
  END IF;
  IF current_setting('${schema}.told', true) IS DISTINCT FROM 'yes' AND current_setting('max_prepared_transactions') = '0'
    AND pg_try_advisory_xact_lock(hashtext('${schema} notify'), extract(milliseconds FROM clock_timestamp())::integer / ${NOTIFY_WINDOW_MS}) THEN
    PERFORM pg_notify('${schema}', ''), set_config('${schema}.told', 'yes', true);
  END IF;
  RETURN NULL;
END
$body$`;
}

/**
 * The triggers that a table needs: for rows on itself and on tables that inherit from it (partitions get theirs from PostgreSQL), for TRUNCATE on
 * each. Columns that are not named are not logged; while all are, the triggers name none, which is faster.
 */
function triggersFunction(schema: string, trigger: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.triggers(target regclass, columns text[])
RETURNS TABLE (relation regclass, trigger_name text, definition text, in_place boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $body$
  WITH RECURSIVE family AS (
    SELECT target::oid AS oid
    UNION
    SELECT i.inhrelid FROM pg_inherits i JOIN family f ON i.inhparent = f.oid
  ), relations AS (
    SELECT c.oid, c.oid = target OR NOT c.relispartition AS rows_too,
      ARRAY[(SELECT format('%I.%I', n.nspname, t.relname) FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = target)]
        || CASE WHEN EXISTS (
          SELECT FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (columns)
        ) THEN columns ELSE '{}' END AS arguments
    FROM family f JOIN pg_class c ON c.oid = f.oid WHERE c.relkind IN ('r', 'p')
  ), needed AS (
    SELECT oid, '${trigger}' AS name, 'INSERT OR UPDATE OR DELETE' AS events, 'ROW' AS level, 29 AS type, arguments FROM relations WHERE rows_too
    UNION ALL
    SELECT oid, '${trigger}_truncate', 'TRUNCATE', 'STATEMENT', 32, arguments[:1] FROM relations
  )
  SELECT n.oid::regclass, n.name, format(
      'CREATE OR REPLACE TRIGGER %I AFTER %s ON %s FOR EACH %s EXECUTE FUNCTION ${schema}.log_change(%s)',
      n.name, n.events, n.oid::regclass, n.level, (SELECT string_agg(quote_literal(a), ', ' ORDER BY i) FROM unnest(n.arguments) WITH ORDINALITY u(a, i))
    ), EXISTS (
      SELECT FROM pg_trigger t
      WHERE t.tgrelid = n.oid AND t.tgname = n.name AND t.tgfoid = '${schema}.log_change()'::regprocedure AND t.tgtype = n.type
        AND t.tgenabled = 'A' AND encode(t.tgargs, 'escape') = (
          SELECT string_agg(encode(convert_to(a, getdatabaseencoding()), 'escape') || '\\000', '' ORDER BY i)
          FROM unnest(n.arguments) WITH ORDINALITY u(a, i)
        )
    )
  FROM needed n
$body$`;
}

/**
 * Puts the triggers of a table in place. If it had to, what happened before is not known: readers begin afresh, so nothing earlier is needed, and
 * no column stays in the log that is left out from now on.
 */
function logTableFunction(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.log_table(target regclass, columns text[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  needed record;
  changed boolean := false;
  logged text;
BEGIN
  FOR needed IN SELECT * FROM ${schema}.triggers(target, columns) t WHERE NOT t.in_place LOOP
    EXECUTE needed.definition;
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', needed.relation, needed.trigger_name);
    changed := true;
  END LOOP;
  IF changed THEN
    SELECT format('%I.%I', n.nspname, c.relname) INTO logged
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = target;
    DELETE FROM ${schema}.change c WHERE c."table" = logged;
    INSERT INTO ${schema}.change ("table", operation) VALUES (logged, 'lost');
  END IF;
  RETURN changed;
END
$body$`;
}

/** Which server and database this is: a dump that is restored elsewhere brings the log along, but not the transactions that it names. */
function serverFunction(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.server() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  database text := (SELECT oid FROM pg_database WHERE datname = current_database());
BEGIN
  RETURN (SELECT system_identifier FROM pg_control_system()) || '/' || database;
EXCEPTION WHEN insufficient_privilege THEN
  RETURN '/' || database;
END
$body$`;
}

/** The epoch of the log; a new one, for an empty log, where it does not go on from what was. */
function epochFunction(schema: string, setupLock: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}.current_epoch() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  found_epoch text := (SELECT epoch FROM ${schema}.life WHERE server = ${schema}.server());
BEGIN
  IF found_epoch IS NOT NULL THEN RETURN found_epoch; END IF;
  PERFORM FROM (${setupLock}) l;
  found_epoch := (SELECT epoch FROM ${schema}.life WHERE server = ${schema}.server());
  IF found_epoch IS NOT NULL THEN RETURN found_epoch; END IF;
  DELETE FROM ${schema}.change;
  DELETE FROM ${schema}.life;
  INSERT INTO ${schema}.life (epoch, server)
  VALUES (left(replace(gen_random_uuid()::text, '-', ''), 16), ${schema}.server()) RETURNING epoch INTO found_epoch;
  RETURN found_epoch;
END
$body$`;
}
