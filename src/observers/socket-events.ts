import type { AsyncAPIConsumer } from "../consumers/async-api-consumer.ts";
import { tellsThrough } from "../consumers/told.ts";
import { connectionLog } from "../consumers/connection-log.ts";
import type { Connection } from "../consumers/connection.ts";
import type { Position } from "../models/change-log/position.ts";
import type { MaybePromise } from "../models/database.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { liveSubprotocol } from "../protocol/live-subprotocol.ts";
import { encodeEvents } from "./event-frame.ts";
import { outgoingFrames, type OutgoingFrame, writeBehindAnswers } from "./outgoing-frame.ts";
import { eventBytes } from "./event-bytes.ts";
import { EventQueue, isFor, type Missed } from "./event-queue.ts";
import type { EventReceiver, EventSlot, Moment, MomentEvents, Part } from "./event-slot.ts";
import { isWanted, sourceOf } from "./event-slot.ts";
import { runSoon } from "./run-soon.ts";
import { SocketPlace } from "./socket-place.ts";
import { noteArrival, tellEventsSent, tellReset } from "./tell-events.ts";

const RETRY_MS = 500;
/** What cannot be read again may take this many times as much before the connection is closed. */
const HARD_FACTOR = 16;
/** One transaction that means more than this for one subscription is told by reading again. */
const HUGE_FACTOR = 4;
const sockets = new WeakMap<Connection, SocketEvents>();

/** The events on their way to one socket, in commit order: all of one transaction leave together. */
export class SocketEvents {
  readonly #connection: Connection;
  readonly #queue = new EventQueue();
  #holds = 0;
  #isWorking = false;
  #isScheduled = false;
  /** Those for which there was too much, or for which something went wrong: they get everything afresh. */
  readonly #resets = new Set<EventReceiver>();
  /** Of those, the ones that could not be read just now. */
  readonly #backingOff = new Set<EventReceiver>();
  /** Where its subscriptions stand. */
  readonly place = new SocketPlace();
  /** Resets and events take turns. */
  #hasJustReset = false;
  /** Whose frames are being made. */
  #delivering: EventSlot | null = null;
  #sequence = 0;
  /** Called when everything has left. */
  readonly #waiting: (() => void)[] = [];
  private constructor(connection: Connection) {
    this.#connection = connection;
    sockets.set(connection, this);
    tellsThrough(connection, this);
    connection.onHeartbeat?.(() => this.#beat());
  }

  /** That of the socket which carries this connection. */
  static of(connection: Connection): SocketEvents {
    return SocketEvents.known(connection) ?? new SocketEvents(connection.carrier ?? connection);
  }

  /** That of a connection which has had to do with events; undefined for others. */
  static known(connection: Connection): SocketEvents | undefined {
    return sockets.get(connection.carrier ?? connection);
  }

  /** How many events wait, and how many bytes of them, about. */
  get queued(): Pick<EventQueue, "bytes" | "size"> {
    return this.#queue;
  }

  /** Nothing leaves until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      this.#schedule();
    };
  }

  /** Resolves when all that is committed now has left, and all that is to be read again. */
  async whenTold(): Promise<void> {
    for (const { changes } of this.place.databases) await changes.caughtUp(await changes.position());
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  /** Takes what a transaction means for a receiver. Calls come in commit order. */
  add(moment: Moment, receiver: EventReceiver, events: MaybePromise<MomentEvents>): void {
    const { maxQueuedEventBytes } = this.#connection.settings;
    noteArrival(this.#connection, moment);
    if (receiver.isReplaceable && eventBytes(events) > maxQueuedEventBytes * HUGE_FACTOR) return this.reset(receiver);
    this.#queue.add(moment, receiver, events);
    if (this.#isStuck && this.#queue.bytes > maxQueuedEventBytes) this.#relieve();
    this.#schedule();
  }

  /** Takes events that a receiver has missed: they go before everything that waits. In commit order. */
  addMissed(receiver: EventReceiver, missed: readonly Missed[]): void {
    this.#queue.addMissed(receiver, missed);
    this.#schedule();
  }

  /** Takes events of a moment between transactions: they go behind all that `position` has seen. */
  addAt(position: Position, receiver: EventReceiver, events: MomentEvents): void {
    this.#queue.addAt(position, receiver, events);
    this.#schedule();
  }

  /** Is something on its way to this receiver, or everything to be read again? */
  owes(receiver: EventReceiver): boolean {
    if (this.#resets.has(receiver) || this.#queue.holdsFor(receiver)) return true;
    return this.#delivering !== null && isFor(this.#delivering, receiver);
  }

  /** Gives a receiver everything afresh as soon as its socket takes more. */
  reset(receiver: EventReceiver): void {
    this.#resets.add(receiver);
    this.#schedule();
  }

  /** Is something still to come that is older than what leaves now? Where the socket stands as a whole cannot be told then. */
  get #owesMore(): boolean {
    return this.#resets.size > 0 || this.#queue.holdsOwed;
  }

  get #isStuck(): boolean {
    return this.#isWorking || this.#holds > 0;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isStuck) return;
    this.#isScheduled = true;
    runSoon(this);
  }

  /** For the schedule: sends what can be sent. */
  run(): void {
    this.#isScheduled = false;
    while (!this.#isStuck) {
      const waiting = this.#connection.isStalled === true ? this.#connection.whenWritable?.() : null;
      const work = waiting ?? this.#next();
      if (work === null) return this.#rest();
      if (work instanceof Promise) this.#goOnAfter(work);
    }
  }

  #rest(): void {
    if (this.#resets.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #goOnAfter(work: Promise<void>): void {
    this.#isWorking = true;
    const goOn = (): void => {
      this.#isWorking = false;
      this.run();
    };
    void work.then(goOn, (error: unknown) => {
      this.#log(error);
      goOn();
    });
  }

  /** Null when there is nothing to do. */
  #next(): Promise<void> | void | null {
    const goesOn = this.#hasJustReset && !this.#queue.isEmpty;
    this.#hasJustReset = false;
    for (const receiver of goesOn ? [] : this.#resets) {
      if (receiver.hasEnded) this.#resets.delete(receiver);
      else if (!this.#backingOff.has(receiver)) return this.#readAgain(receiver);
    }
    const slot = this.#queue.shift();
    return slot === undefined ? null : this.#deliver(slot);
  }

  /** For who is read again: sends a frame at once. */
  async sendReset(consumer: AsyncAPIConsumer, text: string): Promise<void> {
    await this.#send([{ consumer, text }], null);
  }

  /** Until it has worked, no event goes to the receiver. */
  async #readAgain(receiver: EventReceiver): Promise<void> {
    this.#hasJustReset = true;
    try {
      const frame = await receiver.readAgain();
      this.#resets.delete(receiver);
      if (frame === null) return;
      await this.sendReset(receiver.consumer, frame);
      tellReset(this.#connection);
    } catch (error) {
      this.#log(error);
      this.#backingOff.add(receiver);
      setTimeout(() => {
        this.#backingOff.delete(receiver);
        this.#schedule();
      }, RETRY_MS).unref();
    }
  }

  #deliver(slot: EventSlot): Promise<void> | void {
    const delivered = this.#deliverNow(slot);
    if (!(delivered instanceof Promise)) return;
    this.#delivering = slot;
    return delivered.finally(() => {
      this.#delivering = null;
    });
  }

  #deliverNow({ moment, parts }: EventSlot): Promise<void> | void {
    // Where the socket stands as a whole is not told by what a receiver is owed.
    const place = parts.some(({ isOwed }) => isOwed) ? null : moment;
    const known: OutgoingFrame[] = [];
    const pending: Promise<readonly OutgoingFrame[]>[] = [];
    for (const part of parts) {
      const frames = this.#framesOf(moment, part);
      if (frames instanceof Promise) pending.push(frames);
      else known.push(...frames);
    }
    if (pending.length === 0) return this.#send(known, place);
    return Promise.all(pending).then((frames) => this.#send([...known, ...frames.flat()], place));
  }

  #framesOf(moment: Moment, part: Part): MaybePromise<readonly OutgoingFrame[]> {
    const { receiver, events } = part;
    if (receiver.hasEnded || this.#resets.has(sourceOf(receiver))) return [];
    if (!isWanted(part, moment)) return [];
    try {
      const frames =
        events instanceof Promise
          ? events.then((known) => this.#encode(moment, receiver, known))
          : this.#encode(moment, receiver, events);
      if (!(frames instanceof Promise)) return frames;
      return frames.catch((error: unknown) => this.#fail(receiver, error));
    } catch (error) {
      return this.#fail(receiver, error);
    }
  }

  #encode(moment: Moment, receiver: EventReceiver, events: MomentEvents): MaybePromise<readonly OutgoingFrame[]> {
    if (events === "lost") {
      this.#resets.add(sourceOf(receiver));
      return [];
    }
    return outgoingFrames(receiver, moment, events);
  }

  /** What could not be worked out is read again. */
  #fail(receiver: EventReceiver, error: unknown): readonly OutgoingFrame[] {
    this.#log(error);
    this.#resets.add(sourceOf(receiver));
    return [];
  }

  #send(frames: readonly OutgoingFrame[], moment: Moment | null): Promise<void> | void {
    return writeBehindAnswers(frames, () => this.#write(frames, moment));
  }

  #write(all: readonly OutgoingFrame[], moment: Moment | null): void {
    // What has ended or is read again meanwhile is not told any more: rights may have changed.
    const frames = all.filter(
      ({ receiver }) => receiver === undefined || !(receiver.hasEnded || this.#resets.has(sourceOf(receiver))),
    );
    if (frames.length === 0) return;
    const texts = this.#textsOf(frames, moment);
    for (const text of texts) this.#connection.send(text);
    if (this.#connection.settings.instrumentations.length > 0)
      tellEventsSent(this.#connection, { frames: frames.length, texts, moment });
  }

  #textsOf(frames: readonly OutgoingFrame[], moment: Moment | null): readonly string[] {
    const texts = frames.map(({ consumer, text }) => consumer.wrapFrame(text));
    if (this.#connection.scope.subprotocol !== liveSubprotocol) return texts;
    this.#sequence += 1;
    const position = moment === null || this.#owesMore ? null : this.place.textAt(moment.position);
    return [encodeEvents(texts, position, this.#sequence)];
  }

  /** Too much waits: rows that changed several times are told once; if that is still too much, everything is read again when there is room. */
  #relieve(): void {
    const { maxQueuedEventBytes } = this.#connection.settings;
    this.#queue.merge();
    if (this.#queue.bytes <= maxQueuedEventBytes / 2) return;
    for (const receiver of this.#queue.dropReplaceable()) this.#resets.add(receiver);
    if (this.#queue.bytes <= maxQueuedEventBytes * HARD_FACTOR) return;
    this.#connection.close(CloseCode.slowConsumer, "The peer reads too slowly.");
    this.#queue.clear();
  }

  /** Tells a client how many frames it should have, and up to which commit: what was lost on the way is noticed. */
  #beat(): void {
    const isIdle = !this.#isStuck && this.#queue.isEmpty && this.#resets.size === 0;
    if (this.place.isEmpty || this.#connection.scope.subprotocol !== liveSubprotocol || !isIdle) return;
    this.#connection.send(encodeEvents([], this.place.textNow(), this.#sequence));
  }

  #log(error: unknown): void {
    connectionLog(this.#connection).error({ error }, "Events could not be delivered; the subscription is read again.");
  }
}
