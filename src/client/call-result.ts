import type { Call } from "./call.ts";

/**
 * What a call gives: a promise of its answer that can be iterated where the action streams. Which of both it is only the types know, so it is
 * both; the request leaves either way.
 */
export type CallResult = Promise<unknown> & AsyncGenerator<unknown, unknown, void>;

export function callResult(call: Call, answer: Promise<unknown> = call.answer): CallResult {
  let items: AsyncGenerator<unknown, unknown, void> | undefined;
  const iterate = (): AsyncGenerator<unknown, unknown, void> => {
    // From here on whoever iterates gets the errors.
    if (items === undefined) answer.catch(() => undefined);
    call.isStreamed = true;
    items ??= itemsOf(call);
    return items;
  };
  const then = answer.then.bind(answer);
  return Object.assign(answer, {
    // Without it `await` looks at the promise past `then`.
    constructor: undefined,
    // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, which is to know whether somebody waits for it
    then: (onDone: unknown, onFailed: unknown) => {
      if (typeof onDone === "function") call.awaited();
      return Reflect.apply(then, undefined, [onDone, onFailed]);
    },
    next: () => iterate().next(),
    return: async (value: unknown) => {
      const ended = await iterate().return(value);
      // One that was never begun has nothing to clean up.
      giveUp(call);
      return ended;
    },
    throw: (error: unknown) => iterate().throw(error),
    [Symbol.asyncIterator]: iterate,
    [Symbol.asyncDispose]: async () => void (await iterate().return(undefined)),
  });
}

async function* itemsOf(call: Call): AsyncGenerator<unknown, unknown, void> {
  try {
    for (let item = await call.next(); item !== undefined; item = await call.next()) yield item.value;
    return await call.answer;
  } finally {
    giveUp(call);
  }
}

function giveUp(call: Call): void {
  call.answer.catch(() => undefined);
  call.cancel(new DOMException("The caller took no more.", "AbortError"));
}
