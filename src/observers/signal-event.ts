/** One time that a signal was sent. What several observers make of it with the same function is made once. */
export class SignalEvent<Message> {
  readonly message: Message;
  private readonly bodies = new Map<unknown, Promise<unknown>>();

  constructor(message: Message) {
    this.message = message;
  }

  /** What `serialize` makes of the message. */
  body<Body>(serialize: (message: Message) => Body | Promise<Body>): Promise<Body> {
    const known = this.bodies.get(serialize);
    // The function is the key, so what is kept under it is what it gave.
    if (known !== undefined) return known as Promise<Body>;
    const made = Promise.resolve(this.message).then(serialize);
    this.bodies.set(serialize, made);
    return made;
  }
}
