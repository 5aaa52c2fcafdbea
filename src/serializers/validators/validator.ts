import { ValidationError } from "../../protocol/exceptions.ts";
import type { FieldScope } from "../fields/field-scope.ts";
import { errorList } from "../error-list.ts";

/** A check as an object: throws `ValidationError` when the value is not acceptable. */
export interface ValidatorObject<Value = unknown> {
  validate(value: Value, scope: FieldScope): void | Promise<void>;
  /** Runs only while no other check has failed: for checks that ask the database, which may not be able to hold a refused value. Default false. */
  readonly afterOthers?: boolean;
}

/** A check as a function. The parameter is compared bivariantly, so that a check of strings fits a list of checks. */
export type ValidatorFunction<Value = unknown> = { check(value: Value, scope: FieldScope): void | Promise<void> }["check"];

export type Validator<Value = unknown> = ValidatorFunction<Value> | ValidatorObject<Value>;

/**
 * Runs every check and reports the messages of all that fail, in order; an error that names fields ends the run at once (DRF).
 *
 * @throws ValidationError
 */
export function runValidators(validators: readonly Validator[], value: unknown, scope: FieldScope): void | Promise<void> {
  const messages: unknown[] = [];
  for (let index = 0; index < validators.length; index += 1) {
    if (messages.length > 0 && waitsForOthers(validators[index])) continue;
    const pending = collect(messages, () => runOne(validators[index], value, scope));
    if (pending !== undefined) return runRest(validators, index, pending, messages, value, scope);
  }
  throwIfAny(messages);
}

async function runRest(
  validators: readonly Validator[],
  index: number,
  pending: Promise<void>,
  messages: unknown[],
  value: unknown,
  scope: FieldScope,
): Promise<void> {
  await pending.catch((error: unknown) => keep(messages, error));
  for (const validator of validators.slice(index + 1)) {
    if (messages.length > 0 && waitsForOthers(validator)) continue;
    await collect(messages, () => runOne(validator, value, scope))?.catch((error: unknown) => keep(messages, error));
  }
  throwIfAny(messages);
}

function runOne(validator: Validator | undefined, value: unknown, scope: FieldScope): void | Promise<void> {
  if (validator === undefined) return;
  return typeof validator === "function" ? validator(value, scope) : validator.validate(value, scope);
}

function waitsForOthers(validator: Validator | undefined): boolean {
  return typeof validator === "object" && validator.afterOthers === true;
}

function collect(messages: unknown[], run: () => void | Promise<void>): Promise<void> | undefined {
  try {
    const pending = run();
    return pending instanceof Promise ? pending : undefined;
  } catch (error) {
    keep(messages, error);
    return undefined;
  }
}

function keep(messages: unknown[], error: unknown): void {
  if (!(error instanceof ValidationError)) throw error;
  const list = errorList(error.detail);
  if (!Array.isArray(list)) throw error;
  messages.push(...list);
}

function throwIfAny(messages: readonly unknown[]): void {
  if (messages.length > 0) throw new ValidationError(messages);
}
