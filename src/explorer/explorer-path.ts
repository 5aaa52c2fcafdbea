/** Below it everything is the explorer's. */
export const EXPLORER_PREFIX = "/explorer/";

/** The inspector's socket. */
export const INSPECTOR_PATH = `${EXPLORER_PREFIX}ws/`;

/** Is this path, percent-encoded as it came, one of the explorer's? */
export function isExplorerPath(path: string): boolean {
  return path.startsWith(EXPLORER_PREFIX) || path === EXPLORER_PREFIX.slice(0, -1);
}
