import { APIException, Http404, RestwaveError, ServiceUnavailable } from "../protocol/exceptions.ts";

/** 404: `get()` found no row. */
export class DoesNotExist extends Http404 {}

/** `get()` found more than one row: its lookups must name a single one. */
export class MultipleObjectsReturned extends RestwaveError {
  constructor(model: string) {
    super(`Expected get() to find one ${model}, but more than one matches. Narrow the lookups or use filter().`, {
      code: "multiple_objects_returned",
    });
  }
}

/**
 * 400: a value that the model cannot take or, where names come from the wire, a lookup or an ordering. `detail` is `{ [name]: [message] }`.
 */
export class FieldError extends APIException {
  static override readonly statusCode: number = 400;
  static override readonly defaultDetail: string = "Invalid field.";
  static override readonly defaultCode: string = "invalid_field";

  /** The name as it was given: a property key, a lookup, an ordering. */
  readonly field: string;

  constructor(field: string, message: string) {
    super({ [field]: [message] });
    this.field = field;
  }
}

/** A name that the model does not have, or not for this use: from the wire a 400, in the application's code a mistake. */
export class UnknownFieldError extends FieldError {
  /** What is wrong with the name. */
  readonly reason: string;

  constructor(field: string, reason: string) {
    super(field, reason);
    this.reason = reason;
  }
}

export type IntegrityKind = "unique" | "foreign_key" | "not_null" | "check";

const INTEGRITY_TEXTS: Readonly<Record<IntegrityKind, string>> = {
  unique: "The values must be unique",
  foreign_key: "A referenced row does not exist, or the row is still referenced",
  not_null: "A value is required",
  check: "A check constraint is not satisfied",
};

/** A constraint of the database refused a write. The driver's own error is the `cause`; nothing of it is in the message. */
export class IntegrityError extends RestwaveError {
  readonly kind: IntegrityKind;
  /** Property keys of the columns involved; empty where the database does not say. */
  readonly columns: readonly string[];
  /** The table whose constraint it is, where the database says so: a write can fail for a table that it reaches by a foreign key or a trigger. */
  readonly table: string | undefined;

  constructor(
    kind: IntegrityKind,
    columns: readonly string[] = [],
    options: { cause?: unknown; table?: string | undefined } = {},
  ) {
    const where = columns.length === 0 ? "" : ` (${columns.join(", ")})`;
    super(`${INTEGRITY_TEXTS[kind]}${where}.`, { code: `integrity_${kind}`, status: 409, cause: options.cause });
    this.kind = kind;
    this.columns = columns;
    this.table = options.table;
  }
}

/** The database failed in a way that no other class names. The driver's own error is the `cause`; nothing of it is in the message. */
export class DatabaseError extends RestwaveError {
  constructor(
    message = "The database could not run a statement. The cause of this error holds the driver's report.",
    options: { cause?: unknown } = {},
  ) {
    super(message, { code: "database_error", ...options });
  }
}

/** A value that was sent is none of its column's type, in a way that only the database can tell. */
export class DataError extends DatabaseError {}

/** A statement or a block does not fit into the transaction it would run in. */
export class TransactionError extends RestwaveError {
  constructor(message: string) {
    super(message, { code: "transaction_error" });
  }
}

/** 503: a write waited too long for its turn. The client reads the words of every 503; `message` says where to look. */
export class LockTimeout extends ServiceUnavailable {
  constructor(timeout: number) {
    super();
    this.message =
      `Waited ${timeout} ms (lockTimeout) for a write lock that an atomic block holds. Look for a block that awaits what takes long or never comes: ` +
      "a promise that does not settle, a write that it starts by outsideAtomic(), or, in an inner block, a statement of the block around it.";
  }
}

/**
 * 503: the database gave a transaction up since it and others changed or waited for the same rows; to run it again is all that helps.
 * `atomic` does so by itself, a few times.
 */
export class SerializationFailure extends ServiceUnavailable {
  constructor(options: { cause?: unknown } = {}) {
    super(undefined, undefined, options);
  }
}
