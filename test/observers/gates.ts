import { Gate } from "../transports/sessions.ts";

/** Holds up one place in the application's code: who comes there waits until `open` is called, while the gate is shut. */
export class Barrier {
  #gate: Gate | null = null;
  #reached = new Gate();

  /** Whoever comes from now on waits. */
  shut(): void {
    this.#gate = new Gate();
    this.#reached = new Gate();
  }

  open(): void {
    this.#gate?.open();
    this.#gate = null;
  }

  /** Resolves when somebody waits. */
  get reached(): Promise<void> {
    return this.#reached.opened;
  }

  async pass(): Promise<void> {
    if (this.#gate === null) return;
    this.#reached.open();
    await this.#gate.opened;
  }
}
