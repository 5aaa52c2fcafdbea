/** Pieces that a wait is cut into. */
const PIECES = 10;

/**
 * Calls `giveUp` when so much time has passed. A pause of the whole process, as busy machines make, counts as a tenth of it at most: after one,
 * timers run before sockets are read, and what has come meanwhile would count as late.
 *
 * @returns a function that ends the wait.
 */
export function afterPatience(milliseconds: number, giveUp: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (pieces: number): void => {
    timer = setTimeout(() => (pieces === 1 ? giveUp() : wait(pieces - 1)), milliseconds / PIECES);
  };
  wait(PIECES);
  return () => clearTimeout(timer);
}
