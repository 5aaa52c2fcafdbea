import { useCallback, useEffect, useRef, useState } from "react";
import { asError } from "../client/as-error.ts";
import { APIError, type FieldErrors } from "../client/api-error.ts";

/** A call of an action as the client has it; one that streams is iterated instead. */
type ActionCall<Args extends unknown[], Result, Fields extends string> = ((...args: Args) => Promise<Result>) & {
  readonly "~fields"?: Fields;
};

/** What has become of the last call. */
interface Outcome<Result> {
  readonly pending: boolean;
  readonly data: Result | undefined;
  readonly error: Error | null;
}

/** An action of the server, and what has become of its last call. */
export interface ActionState<Args extends unknown[], Result, Fields extends string> extends Outcome<Result> {
  /** Calls it, with the arguments of the call itself, options at the end. It need not be awaited: what goes wrong is in `error`; who awaits it gets the error too. */
  readonly run: (...args: Args) => Promise<Result>;
  /** The messages by field, when the server refused what was sent (400); else empty. */
  readonly fieldErrors: FieldErrors<Fields>;
  /** Forgets the last call and what becomes of it; the server runs it all the same. */
  readonly reset: () => void;
}

const NOTHING: Outcome<never> = { pending: false, data: undefined, error: null };

/**
 * Calls an action of the server from a component: a button, a form. It is not cancelled when the component goes; for that pass a `signal`.
 *
 * ```ts
 * const { run, pending, fieldErrors } = useAction(client.tasks.create);
 * const save = () => void run({ title }, { timeout: 5000 });
 * ```
 *
 * @param call of the client: `client.tasks.create`, or a function around it.
 */
export function useAction<Args extends unknown[], Result, Fields extends string = string>(
  call: ActionCall<Args, Result, Fields>,
): ActionState<Args, Result, Fields> {
  const [outcome, setOutcome] = useState<Outcome<Result>>(NOTHING);
  const latest = useRef(0);
  // What ends after the component is nobody's business.
  useEffect(() => () => void (latest.current += 1), []);

  const run = useCallback(
    (...args: Args): Promise<Result> => {
      latest.current += 1;
      const mine = latest.current;
      const finish = (ended: Outcome<Result>): void => {
        if (latest.current === mine) setOutcome(ended);
      };
      setOutcome((before) => ({ ...before, pending: true, error: null }));
      const answer = new Promise<Result>((resolve) => resolve(call(...args)));
      answer.then(
        (data) => finish({ pending: false, data, error: null }),
        (error: unknown) => finish({ pending: false, data: undefined, error: asError(error) }),
      );
      return answer;
    },
    [call],
  );
  const reset = useCallback(() => {
    latest.current += 1;
    setOutcome(NOTHING);
  }, []);
  return { ...outcome, fieldErrors: fieldErrorsOf<Fields>(outcome.error), run, reset };
}

function fieldErrorsOf<Fields extends string>(error: Error | null): FieldErrors<Fields> {
  return error instanceof APIError ? error.fieldErrors : {};
}
