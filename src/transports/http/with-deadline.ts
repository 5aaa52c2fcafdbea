import type { APIException } from "../../protocol/exceptions.ts";

/** Gives what the work gives. @throws what it throws, or `late()` when it takes longer: it then goes on unobserved. */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number, late: () => APIException): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
