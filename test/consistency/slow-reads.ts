/** Waits before a snapshot is taken, and after its rows were read, where the client asks for it: so that others get in between. */
export const SlowReads = {
  /** Lets `args.pause` turns of the event loop pass. Default none. */
  async pause(args: Readonly<Record<string, unknown>>): Promise<void> {
    const turns = Number(args["pause"] ?? 0);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  },
};
