/**
 * Keeps this process from sleeping. Waking a process on another core costs the one that wakes it up to 20 microseconds on a virtual machine: a
 * server would pay that for each answer as soon as it is a little slower than the generator, and clients of a real server are other machines.
 */
export function stayAwake(isNeeded: () => boolean): void {
  setImmediate(() => isNeeded() && stayAwake(isNeeded));
}
