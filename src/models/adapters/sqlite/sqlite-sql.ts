import { TransactionError } from "../../errors.ts";

const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
const READING = /^(?:select|values|explain|pragma)\b/i;
const WRITING_WORD = /\b(?:insert|update|delete|replace)\b/i;
const DATA_CHANGE = /^(?:insert|update|delete|replace|with)\b/i;
const CONTROL = /^(?:begin|commit|end|rollback|savepoint|release)\b/i;

/** Can this statement only read? When in doubt it counts as writing, which is never wrong, only slower. */
export function isReadingSql(sql: string): boolean {
  const text = sql.replace(LEADING_COMMENTS, "");
  return READING.test(text) || (/^with\b/i.test(text) && !WRITING_WORD.test(text));
}

/** Does this statement change rows, rather than the schema or the database? */
export function isDataChange(sql: string): boolean {
  return DATA_CHANGE.test(sql) || DATA_CHANGE.test(sql.replace(LEADING_COMMENTS, ""));
}

/** @throws TransactionError for BEGIN, COMMIT and their kin: they would change a transaction behind its owner's back. */
export function assertNoTransactionControl(sql: string): void {
  if (!CONTROL.test(sql.replace(LEADING_COMMENTS, ""))) return;
  throw new TransactionError("Expected a statement, got a transaction command. Use database.atomic(async () => ...) instead.");
}
