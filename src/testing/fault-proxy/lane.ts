import type { Socket } from "node:net";
import { DelayLine, type Passage } from "./delay-line.ts";
import type { Direction } from "./direction.ts";
import type { OrderedFault } from "./fault.ts";
import { FaultGate, MAX_MESSAGE_BYTES, type Parcel } from "./fault-gate.ts";
import type { OrderedFaults } from "./ordered-faults.ts";
import { WebsocketStream } from "./websocket-stream.ts";

/** The most that is taken from a sender and not given on. After that it finds no room, as on a network that is dead for long. */
const MAX_WAITING_BYTES = MAX_MESSAGE_BYTES;

/** What all connections share in one direction. */
export interface LaneTraffic {
  readonly direction: Direction;
  readonly passage: Passage;
  readonly faults: OrderedFaults;
  /** How many messages were given on. */
  passed: number;
}

/** What a lane tells its connection. */
export interface LaneEvents {
  readonly onText: (direction: Direction, text: string) => void;
  /** The connection is to be cut here. */
  readonly onCut: () => void;
}

/** One direction of one connection. */
export class Lane {
  private readonly source: Socket;
  private readonly target: Socket;
  private readonly traffic: LaneTraffic;
  private readonly on: LaneEvents;
  private readonly stream: WebsocketStream;
  private readonly gate: FaultGate;
  private readonly line: DelayLine<Parcel>;
  private isStopped = false;
  private waitingBytes = 0;
  /** Writes that the system has not taken yet. */
  private writing = 0;
  private cutting: { readonly fault: OrderedFault | null } | null = null;

  constructor(source: Socket, target: Socket, traffic: LaneTraffic, on: LaneEvents) {
    this.source = source;
    this.target = target;
    this.traffic = traffic;
    this.on = on;
    this.stream = new WebsocketStream(traffic.direction, MAX_MESSAGE_BYTES);
    this.line = new DelayLine(traffic.passage, (parcel) => this.depart(parcel));
    this.gate = new FaultGate(traffic.direction, traffic.faults, (parcel) => this.send(parcel));
    target.on("drain", () => this.adjustFlow());
  }

  arrive(chunk: Buffer): void {
    for (const piece of this.stream.push(chunk)) {
      if (piece.text !== null) this.on.onText(this.traffic.direction, piece.text);
      this.gate.push(piece);
    }
    this.adjustFlow();
  }

  /** The sender has nothing more to say. */
  arriveEnd(): void {
    this.gate.finish(this.stream.rest());
    this.send({ kind: "end" });
  }

  /** The sender has broken off. */
  arriveReset(): void {
    this.gate.finish(this.stream.rest());
    this.send({ kind: "cut", fault: null });
  }

  /** To be called when the passage has changed. */
  move(): void {
    this.line.move();
  }

  /** Drops whatever waits and whatever still comes. */
  stop(): void {
    this.isStopped = true;
    this.gate.shut();
    this.line.clear();
    this.source.resume();
  }

  private send(parcel: Parcel): void {
    if (this.isStopped) return;
    if (parcel.kind === "bytes") this.waitingBytes += parcel.bytes.length;
    this.line.send(parcel);
  }

  private depart(parcel: Parcel): void {
    if (this.isStopped || this.cutting !== null) return;
    if (parcel.kind === "bytes") return this.write(parcel.bytes, parcel.messages, parcel.fault);
    if (parcel.kind === "end") return void this.target.end();
    this.cutting = parcel;
    this.cutWhenWritten();
  }

  private write(bytes: Buffer, messages: number, fault: OrderedFault | null): void {
    this.waitingBytes -= bytes.length;
    if (this.target.writable) this.writeNow(bytes, messages, fault);
    this.adjustFlow();
  }

  private writeNow(bytes: Buffer, messages: number, fault: OrderedFault | null): void {
    this.writing += 1;
    this.target.write(bytes, () => {
      this.writing -= 1;
      this.cutWhenWritten();
    });
    this.traffic.passed += messages;
    fault?.strike();
  }

  /** A reset drops what the system has not taken, so it waits for that. */
  private cutWhenWritten(): void {
    if (this.cutting === null || this.writing > 0 || this.isStopped) return;
    this.on.onCut();
    this.cutting.fault?.strike();
  }

  private adjustFlow(): void {
    const isFull = this.waitingBytes > MAX_WAITING_BYTES || this.target.writableNeedDrain;
    if (isFull && !this.isStopped) this.source.pause();
    else this.source.resume();
  }
}
