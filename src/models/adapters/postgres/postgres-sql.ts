import { TransactionError } from "../../errors.ts";

const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
const READING = /^(?:select|values|table|explain|show|fetch)\b/i;
const WRITING_WORD = /\b(?:insert|update|delete|merge|into)\b/i;
const CONTROL = /^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;

/** Can this statement only read? When in doubt it counts as writing, which is never wrong, only slower. */
export function isReadingSql(sql: string): boolean {
  const text = sql.replace(LEADING_COMMENTS, "");
  return (READING.test(text) || /^with\b/i.test(text)) && !WRITING_WORD.test(text);
}

/** @throws TransactionError for BEGIN, COMMIT and their kin: they would change a transaction behind its owner's back. */
export function assertNoTransactionControl(sql: string): void {
  if (!CONTROL.test(sql.replace(LEADING_COMMENTS, ""))) return;
  throw new TransactionError("Expected a statement, got a transaction command. Use database.atomic(async () => ...) instead.");
}
