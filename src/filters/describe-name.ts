const MAX_ECHO = 64;

/** A name that a client made up, cut when it is too long to be sent back. */
export function clipName(name: string): string {
  return name.length <= MAX_ECHO ? name : `${name.slice(0, MAX_ECHO)}…`;
}

/** The name in quotes, fit for an error message. */
export function describeName(name: string): string {
  return `"${clipName(name)}"`;
}
