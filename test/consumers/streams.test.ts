import { describe, expect, it } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { noReply, reply } from "../../src/consumers/reply.ts";
import { NotFound } from "../../src/protocol/exceptions.ts";
import { connected, failure, success } from "./connected.ts";

/** What happened inside the generators, in order; each test has its own class, and so its own list. */
function makeStreams() {
  const events: string[] = [];
  class StreamConsumer extends AsyncAPIConsumer {
    count = action({ input: z.object({ to: z.number() }) }, async function* ({ to }) {
      for (let n = 1; n <= to; n += 1) yield n;
      return "counted";
    });
    bare = action(async function* () {
      yield 1;
    });
    mixed = action(async function* () {
      yield reply({ page: 1 }, 200);
      return noReply;
    });
    breaks = action(async function* () {
      yield 1;
      throw new NotFound("It ended early.");
    });
    crashes = action(async function* () {
      yield 1;
      throw new TypeError("/srv/secret");
    });
    checked = action({ output: z.number() }, async function* () {
      yield 1;
      yield "two" as never;
    });
    tick = action(async function* (_args, context) {
      try {
        for (let n = 1; ; n += 1) {
          yield n;
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, 5);
            context.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()));
          });
        }
      } finally {
        events.push(`ended ${String(context.requestId)}`);
      }
    });
    wait = action(async (_args, context) => {
      await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve()));
      events.push("aborted");
      return reply("too late");
    });
    ping = action(async () => reply("pong"));
  }
  return { events, StreamConsumer };
}

describe("streams", () => {
  it("6.1 a streaming action answers each item with 206 and ends with 200 and its result", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    connection.send({ action: "count", request_id: "c", to: 3 });
    for (const n of [1, 2, 3]) expect(await connection.receive()).toEqual(success("count", "c", n, 206));
    expect(await connection.receive()).toEqual(success("count", "c", "counted"));
  });

  it("6.1 a stream without a result ends with data null, and one of no items has the end frame alone", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    expect(await connection.ask({ action: "bare", request_id: 1 })).toEqual(success("bare", 1, 1, 206));
    expect(await connection.receive()).toEqual(success("bare", 1, null));
    expect(await connection.ask({ action: "count", request_id: 2, to: 0 })).toEqual(success("count", 2, "counted"));
  });

  it("6.1 an item may choose its own status, and noReply leaves the end frame out", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    expect(await connection.ask({ action: "mixed", request_id: 1 })).toEqual(success("mixed", 1, { page: 1 }));
    expect(await connection.ask({ action: "ping", request_id: 2 })).toEqual(success("ping", 2, "pong"));
  });

  it("6.1 a stream that fails ends with its error", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    expect(await connection.ask({ action: "breaks", request_id: 1 })).toEqual(success("breaks", 1, 1, 206));
    expect(await connection.receive()).toEqual(failure("breaks", 1, 404, "It ended early."));
    expect(await connection.ask({ action: "crashes", request_id: 2 })).toEqual(success("crashes", 2, 1, 206));
    const answer = await connection.receive();
    expect(answer).toMatchObject({ response_status: 500, data: null, request_id: 2 });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("6.1 input that the schema refuses is answered 400 before the first item, an item that the output schema refuses 500", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    expect(await connection.ask({ action: "count", request_id: 1, to: "x" })).toMatchObject({
      response_status: 400,
      request_id: 1,
    });
    expect(await connection.ask({ action: "checked", request_id: 2 })).toEqual(success("checked", 2, 1, 206));
    expect(await connection.receive()).toMatchObject({ response_status: 500, data: null, request_id: 2 });
  });

  it("6.1 other requests are answered between the items", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    expect(await connection.ask({ action: "tick", request_id: "t" })).toEqual(success("tick", "t", 1, 206));
    connection.send({ action: "ping", request_id: "p" });
    const ids: unknown[] = [];
    while (!ids.includes("p")) ids.push(Reflect.get(Object(await connection.receive()), "request_id"));
    expect(Reflect.get(Object(await connection.receive()), "request_id")).toBe("t");
  });

  it("6.5 with stream_credit so many items are sent, and as many more as the client then has room for; it is no argument", async () => {
    const connection = await connected(makeStreams().StreamConsumer, { subprotocols: ["restwave.v1"] });
    connection.send({ action: "count", request_id: "c", to: 5, stream_credit: 2 });
    for (const n of [1, 2]) expect(await connection.receive()).toEqual(success("count", "c", n, 206));
    expect(await connection.ask({ action: "ping", request_id: 1 })).toEqual(success("ping", 1, "pong"));
    connection.send({ stream_credit: 1, request_id: "another" });
    connection.send({ stream_credit: 2, request_id: "c" });
    for (const n of [3, 4]) expect(await connection.receive()).toEqual(success("count", "c", n, 206));
    expect(await connection.ask({ action: "ping", request_id: 2 })).toEqual(success("ping", 2, "pong"));
    connection.send({ stream_credit: 9, request_id: "c" });
    expect(await connection.receive()).toEqual(success("count", "c", 5, 206));
    expect(await connection.receive()).toEqual(success("count", "c", "counted"));
    expect(await connection.ask({ action: "ping", request_id: 3, stream_credit: 1 })).toEqual(success("ping", 3, "pong"));
  });

  it("6.5 a credit that is no whole number from 1 on is 400, and without the sub-protocol it is an argument as any other", async () => {
    const { StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer, { subprotocols: ["restwave.v1"] });
    for (const credit of [0, -1, 1.5, "2", null, {}]) {
      expect(await connection.ask({ action: "ping", request_id: 1, stream_credit: credit })).toMatchObject({
        response_status: 400,
        request_id: 1,
        errors: [{ stream_credit: ["Expected a whole number of items, 1 or more."] }],
      });
    }
    const plain = await connected(StreamConsumer);
    plain.send({ action: "count", request_id: 1, to: 3, stream_credit: 1 });
    for (const n of [1, 2, 3]) expect(await plain.receive()).toEqual(success("count", 1, n, 206));
    expect(await plain.receive()).toEqual(success("count", 1, "counted"));
    expect(await plain.ask({ request_id: 2, stream_credit: 1 })).toMatchObject({ response_status: 405, request_id: 2 });
  });

  it("6.5 credit is taken however many requests are under way, and a stream that waits for it is cancelled", async () => {
    const { events, StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer, { subprotocols: ["restwave.v1"], settings: { maxInFlight: 1 } });
    expect(await connection.ask({ action: "tick", request_id: 1, stream_credit: 1 })).toEqual(success("tick", 1, 1, 206));
    connection.send({ stream_credit: 1, request_id: 1 });
    expect(await connection.receive()).toEqual(success("tick", 1, 2, 206));
    await connection.communicator.disconnect();
    expect(events).toEqual(["ended 1"]);
  });

  it("6.4 cancel ends the stream of that request_id without a further frame, and the generator's finally runs", async () => {
    const { events, StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer);
    expect(await connection.ask({ action: "tick", request_id: "t" })).toEqual(success("tick", "t", 1, 206));
    expect(await connection.ask({ action: "cancel", request_id: "x", cancel_request_id: "t" })).toEqual(
      success("cancel", "x", { cancelled: 1 }),
    );
    await expect.poll(() => events).toEqual(["ended t"]);
    expect(await connection.ask({ action: "ping", request_id: "p" })).toEqual(success("ping", "p", "pong"));
  });

  it("6.4 any other request that is cancelled is answered 499", async () => {
    const { events, StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer);
    connection.send({ action: "wait", request_id: 1 });
    connection.send({ action: "cancel", request_id: 2, cancel_request_id: 1 });
    expect([await connection.receive(), await connection.receive()]).toEqual(
      expect.arrayContaining([failure("wait", 1, 499, "Request was cancelled."), success("cancel", 2, { cancelled: 1 })]),
    );
    expect(events).toEqual(["aborted"]);
  });

  it("6.4 cancel of a request that does not run, has ended or is another connection's cancels nothing", async () => {
    const { events, StreamConsumer } = makeStreams();
    const other = await connected(StreamConsumer);
    await other.ask({ action: "tick", request_id: "t" });
    const connection = await connected(StreamConsumer);
    await connection.ask({ action: "ping", request_id: "done" });
    for (const id of ["t", "done", "never", null, 1, "x"]) {
      expect(await connection.ask({ action: "cancel", request_id: "x", cancel_request_id: id })).toMatchObject({
        data: { cancelled: 0 },
      });
    }
    expect(events).toEqual([]);
  });

  it("6.4 a cancel_request_id that is missing or can be no request_id is answered 400", async () => {
    const connection = await connected(makeStreams().StreamConsumer);
    const required = failure("cancel", 1, 400, { cancel_request_id: ["This field is required."] });
    expect(await connection.ask({ action: "cancel", request_id: 1 })).toEqual(required);
    expect(await connection.ask({ action: "cancel", request_id: 1, cancel_request_id: {} })).toMatchObject({
      response_status: 400,
    });
  });

  it("6.4 a cancel_request_id of null names all requests that were sent without one", async () => {
    const { StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer);
    for (const frame of [{ action: "wait" }, { action: "wait", request_id: null }, { action: "wait", request_id: 1 }])
      connection.send(frame);
    connection.send({ action: "cancel", request_id: 2, cancel_request_id: null });
    const cancelled = failure("wait", null, 499, "Request was cancelled.");
    expect([await connection.receive(), await connection.receive(), await connection.receive()]).toEqual(
      expect.arrayContaining([cancelled, cancelled, success("cancel", 2, { cancelled: 2 })]),
    );
  });

  it("6.4 cancel names integers of any size exactly", async () => {
    const { StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer);
    await connection.ask('{"action": "tick", "request_id": 12345678901234567890}');
    expect(await connection.ask('{"action": "cancel", "cancel_request_id": 12345678901234567891}')).not.toMatchObject({
      data: { cancelled: 1 },
    });
    connection.send('{"action": "cancel", "request_id": "c", "cancel_request_id": 12345678901234567890}');
    let answer = await connection.receive();
    while (Reflect.get(Object(answer), "request_id") !== "c") answer = await connection.receive();
    expect(answer).toEqual(success("cancel", "c", { cancelled: 1 }));
  });

  it("a client that leaves ends its streams: the generator's finally runs before the disconnect is done", async () => {
    const { events, StreamConsumer } = makeStreams();
    const connection = await connected(StreamConsumer);
    await connection.ask({ action: "tick", request_id: "a" });
    connection.send({ action: "wait", request_id: "b" });
    await connection.communicator.disconnect();
    expect(events.toSorted()).toEqual(["aborted", "ended a"]);
  });
});

describe("a handler that returns a generator made elsewhere", () => {
  it("6.1 is a stream too, with its output checked", async () => {
    async function* numbers() {
      yield 1;
      yield 2;
    }
    class Consumer extends AsyncAPIConsumer {
      passed = action({ output: z.number() }, () => numbers());
    }
    const connection = await connected(Consumer);
    expect(await connection.ask({ action: "passed", request_id: 1 })).toEqual(success("passed", 1, 1, 206));
    expect(await connection.receive()).toEqual(success("passed", 1, 2, 206));
    expect(await connection.receive()).toEqual(success("passed", 1, null));
  });
});
