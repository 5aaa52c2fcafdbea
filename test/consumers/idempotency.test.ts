import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, expect, it } from "vitest";
import { action, AsyncAPIConsumer, Multiplexer } from "../../src/index.ts";
import type { ConsumerSettings } from "../../src/consumers/settings.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import { connected, failure } from "./connected.ts";
import { declareLab, noteTables } from "./idempotency-lab.ts";

const KEY_ERROR = { idempotency_key: ["Expected a string of 1 to 128 bytes."] };

describeOnDatabases("idempotency keys", async (on) => {
  const tables = noteTables(on.builder);
  const { db, create, close } = await on.open();
  await create([tables.notes]);
  const { Note, NoteConsumer, switches } = declareLab(db, tables);

  afterAll(close);

  beforeEach(async () => {
    await Note.objects.all().delete();
    switches.denied.clear();
    switches.afterWrite = () => {};
  });

  const titles = async () => (await Note.objects.orderBy("id").toArray()).map((note) => note.title);
  const as = (id: string | number, settings: Partial<ConsumerSettings> = {}) =>
    connected(NoteConsumer, { user: { id }, settings });
  const creation = (title: string, key: unknown, requestId: unknown = 1, owner = "ann") => ({
    action: "create",
    request_id: requestId,
    data: { title, owner },
    idempotency_key: key,
  });
  const oneNote = (values: Partial<{ title: string; owner: string }> = {}) =>
    Note.objects.create({ title: "one", owner: "ann", ...values });

  it("7.5 the same request again gets the same status and data with `replayed`, on another connection too, and writes nothing", async () => {
    const key = randomUUID();
    const first = await as("ann");
    first.send(creation("x", key, 1));
    const text = await first.communicator.receiveText();
    expect(text).toContain('"response_status":201');
    expect(text).not.toContain("replayed");
    const second = await as("ann");
    second.send(creation("x", key, 1));
    expect(await second.communicator.receiveText()).toBe(text.replace(/\}$/, ',"replayed":true}'));
    expect(await titles()).toEqual(["x"]);
  });

  it("without a key a request is run as often as it is sent, and its answer is as ever", async () => {
    const note = await oneNote();
    const connection = await as("ann");
    const frame = { action: "patch", request_id: 1, pk: note.id, data: { hits: 1 } };
    const answer = await connection.ask(frame);
    expect(await connection.ask(frame)).toEqual(answer);
    expect(Object.keys(Object(answer))).toEqual(["errors", "data", "action", "response_status", "request_id"]);
  });

  it.each([
    ["update", { data: { title: "new", owner: "ann", hits: 7 } }, 200],
    ["patch", { data: { hits: 7 } }, 200],
    ["delete", {}, 204],
    ["spend", { by: 7 }, 202],
  ])("%s takes a key", async (name, rest, status) => {
    const { id: pk } = await oneNote();
    const connection = await as("ann");
    const frame = { action: name, request_id: 1, pk, ...rest, idempotency_key: randomUUID() };
    const answer = await connection.ask(frame);
    expect(answer).toMatchObject({ response_status: status, errors: [] });
    const before = await Note.objects.all().toArray();
    expect(await connection.ask(frame)).toEqual({ ...Object(answer), replayed: true });
    expect(await Note.objects.all().toArray()).toEqual(before);
  });

  it("7.6 the order of keys, the request id and the spelling of numbers are no other content; big integers are told apart exactly", async () => {
    const key = randomUUID();
    const connection = await as("ann");
    const frame = (first: string, second: string, id: number) =>
      `{${first},"action":"digits",${second},"idempotency_key":"${key}","request_id":${id}}`;
    const answer = Object(await connection.ask(frame('"a":{"x":1,"y":2}', '"n":9007199254740993', 1)));
    expect(answer).toMatchObject({ response_status: 200, data: { big: 2n ** 63n + 1n, half: 0.5 } });
    expect(await connection.ask(frame('"n":9007199254740993', '"a":{"y":2.0,"x":1}', 2))).toEqual({
      ...answer,
      request_id: 2,
      replayed: true,
    });
    expect(await connection.ask(frame('"n":9007199254740992', '"a":{"x":1,"y":2}', 3))).toMatchObject({ response_status: 409 });
    expect(await titles()).toEqual(["digits 0"]);
  });

  it("7.6 the same key with other content or for another action is 409, says why, and writes nothing", async () => {
    const { id: pk } = await oneNote();
    const key = randomUUID();
    const connection = await as("ann");
    await connection.ask(creation("x", key));
    const message =
      "This idempotency_key was used for another request. Expected the same action with the same arguments; a new request needs a new key.";
    expect(await connection.ask(creation("y", key, 2))).toEqual(failure("create", 2, 409, message));
    const patch = { action: "patch", request_id: 3, pk, data: { title: "x", owner: "ann" }, idempotency_key: key };
    expect(await connection.ask(patch)).toEqual(failure("patch", 3, 409, message));
    expect(await titles()).toEqual(["one", "x"]);
  });

  it("7.4 a key is a string of 1 to 128 bytes: anything else is 400 by its name, and nothing is written", async () => {
    const connection = await as("ann");
    for (const key of ["", "é".repeat(65), "x".repeat(129), 1, null, true, [], {}]) {
      expect(await connection.ask(creation("x", key))).toEqual(failure("create", 1, 400, KEY_ERROR));
    }
    expect(await connection.ask(creation("x", "é".repeat(64)))).toMatchObject({ response_status: 201 });
    expect(await connection.ask(creation("y", "\u0000\ud800"))).toMatchObject({ response_status: 201 });
    expect(await connection.ask(creation("z", "\u0000\udbff"))).toMatchObject({ response_status: 201 });
  });

  it('a key counts for one user: another one with the same key is independent, as are the ids 1 and "1"', async () => {
    const key = "same";
    const users = [1, "1", "ann"];
    for (const [index, id] of users.entries()) {
      const connection = await as(id);
      expect(await connection.ask(creation(`by ${index}`, key))).toMatchObject({
        response_status: 201,
        data: { title: `by ${index}` },
      });
    }
    expect(await titles()).toHaveLength(3);
  });

  it("7.9 a key counts for one consumer: another class has its own", async () => {
    class OtherConsumer extends NoteConsumer {}
    const key = randomUUID();
    await (await as("ann")).ask(creation("x", key));
    const other = await connected(OtherConsumer, { user: { id: "ann" } });
    expect(await other.ask(creation("y", key))).toMatchObject({ response_status: 201 });
    expect(await titles()).toEqual(["x", "y"]);
  });

  it("7.9 who is not logged in needs a key that nobody guesses: a random UUID, any other is 400", async () => {
    const connection = await connected(NoteConsumer);
    const expected = { idempotency_key: ["Expected a random UUID (version 4), since nobody is logged in."] };
    for (const key of ["1", "a-long-but-chosen-key-of-more-than-36-bytes", "00000000-0000-1000-8000-000000000000"]) {
      expect(await connection.ask(creation("x", key))).toEqual(failure("create", 1, 400, expected));
    }
    const key = randomUUID();
    const answer = await connection.ask(creation("x", key));
    expect(answer).toMatchObject({ response_status: 201 });
    expect(await (await connected(NoteConsumer)).ask(creation("x", key))).toEqual({ ...Object(answer), replayed: true });
    expect(await (await as("ann")).ask(creation("y", key))).toMatchObject({ response_status: 201 });
  });

  it("7.8 50 duplicates at the same time on several connections are run once, and all get one answer", async () => {
    const frame = creation("x", randomUUID());
    const connections = await Promise.all(Array.from({ length: 10 }, () => as("ann")));
    for (const connection of connections) for (let n = 0; n < 5; n += 1) connection.send(frame);
    const answers = await Promise.all(
      connections.flatMap((connection) => Array.from({ length: 5 }, () => connection.communicator.receiveJson(20_000))),
    );
    expect(answers.filter((answer) => !("replayed" in Object(answer)))).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify({ ...Object(answer), replayed: true }))).size).toBe(1);
    expect(await titles()).toEqual(["x"]);
  });

  it("50 different keys at the same time are 50 writes", async () => {
    const connection = await as("ann");
    const { id: pk } = await oneNote();
    for (let n = 0; n < 50; n += 1) {
      connection.send({ action: "spend", request_id: n, pk, by: 1, idempotency_key: `key ${n} ${pk}` });
    }
    for (let n = 0; n < 50; n += 1) await connection.communicator.receiveJson(20_000);
    const keys = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        connection.ask({ action: "spend", request_id: n, pk, by: 1, idempotency_key: `key ${n} ${pk}` }),
      ),
    );
    expect(keys.every((answer) => "replayed" in Object(answer))).toBe(true);
  });

  it("7.7 a failed request stores nothing, neither key nor writes, and can be sent again", async () => {
    const key = randomUUID();
    const connection = await as("ann");
    const taken = await oneNote({ title: "x" });
    expect(await connection.ask(creation("x", key))).toMatchObject({ response_status: 400 });
    switches.afterWrite = () => {
      throw new TypeError("crash");
    };
    await Note.objects.filter({ id: taken.id }).delete();
    expect(await connection.ask(creation("x", key))).toMatchObject({ response_status: 500 });
    expect(await titles()).toEqual([]);
    switches.afterWrite = () => {};
    const answer = await connection.ask(creation("x", key));
    expect(answer).toMatchObject({ response_status: 201 });
    expect(await connection.ask(creation("x", key))).toEqual({ ...Object(answer), replayed: true });
    expect(await connection.ask({ action: "refuse", request_id: 1, idempotency_key: key })).toMatchObject({
      response_status: 409,
    });
    expect(await connection.ask({ action: "refuse", request_id: 1, idempotency_key: randomUUID() })).toMatchObject({
      response_status: 403,
    });
    expect(await titles()).toEqual(["x"]);
  });

  it("7.7 a failed request may be sent again with other content", async () => {
    const key = randomUUID();
    const connection = await as("ann");
    expect(await connection.ask(creation("", key))).toMatchObject({ response_status: 400 });
    expect(await connection.ask(creation("x", key))).toMatchObject({ response_status: 201 });
  });

  it("7.10 who may no longer call the action gets 403 in place of the stored answer", async () => {
    const frame = creation("x", randomUUID());
    const connection = await as("ann");
    const answer = await connection.ask(frame);
    switches.denied.add("create");
    expect(await connection.ask(frame)).toMatchObject({ response_status: 403, data: null });
    switches.denied.clear();
    expect(await connection.ask(frame)).toEqual({ ...Object(answer), replayed: true });
  });

  it.each(["patch", "spend"])("who may no longer touch the row gets 403 in place of the stored answer to %s", async (name) => {
    const { id: pk } = await oneNote();
    const rest = name === "patch" ? { data: { hits: 1 } } : { by: 1 };
    const frame = { action: name, request_id: 1, pk, ...rest, idempotency_key: randomUUID() };
    const connection = await as("ann");
    await connection.ask(frame);
    await Note.objects.filter({ id: pk }).update({ locked: true });
    expect(await connection.ask(frame)).toMatchObject({ response_status: 403, data: null });
  });

  it("7.10 who no longer sees the row gets 404 in place of an answer that shows it", async () => {
    const { id: pk } = await oneNote();
    const frame = { action: "patch", request_id: 1, pk, data: { hits: 1 }, idempotency_key: randomUUID() };
    const connection = await as("ann");
    await connection.ask(frame);
    await Note.objects.filter({ id: pk }).update({ owner: "bob" });
    expect(await connection.ask(frame)).toEqual(failure("patch", 1, 404, "Not found"));
  });

  it("7.10 an answer that shows nothing of the row is given though the row is out of sight: a delete that only marks it", async () => {
    class HidingConsumer extends NoteConsumer {
      override async performDelete(instance: { readonly id: number }) {
        await Note.objects.filter({ id: instance.id }).update({ owner: "trash" });
      }
    }
    const { id: pk } = await oneNote();
    const connection = await connected(HidingConsumer, { user: { id: "ann" } });
    const frame = { action: "delete", request_id: 1, pk, idempotency_key: randomUUID() };
    const answer = Object(await connection.ask(frame));
    expect(answer).toMatchObject({ response_status: 204 });
    expect(await connection.ask(frame)).toEqual({ ...answer, replayed: true });
  });

  it("7.10 a row that is gone since does not keep the answer back: a sequence of lost answers can be sent again as a whole", async () => {
    const { id: pk } = await oneNote();
    const connection = await as("ann");
    const frames = [
      { action: "patch", request_id: 1, pk, data: { hits: 1 }, idempotency_key: randomUUID() },
      { action: "delete", request_id: 2, pk, idempotency_key: randomUUID() },
    ];
    const answers = [await connection.ask(frames[0] ?? {}), await connection.ask(frames[1] ?? {})];
    for (const [index, frame] of frames.entries()) {
      expect(await connection.ask(frame)).toEqual({ ...Object(answers[index]), replayed: true });
    }
  });

  it("7.4 an action that did not opt in knows no keys", async () => {
    const { id: pk } = await oneNote();
    const connection = await as("ann");
    const frame = { action: "hit", request_id: 1, pk, idempotency_key: "k" };
    await connection.ask(frame);
    expect(await connection.ask(frame)).not.toHaveProperty("replayed");
    expect(await Note.objects.get({ id: pk })).toMatchObject({ hits: 2 });
  });

  it("7.11 an answer is kept for `idempotencyRetention`: after that the request is run anew", async () => {
    let now = 1_000_000;
    const settings = { clock: () => now, idempotencyRetention: 1000 };
    const connection = await as("ann", settings);
    const { id: pk } = await oneNote();
    const frame = { action: "spend", request_id: 1, pk, by: 1, idempotency_key: randomUUID() };
    await connection.ask(frame);
    now += 999;
    expect(await connection.ask(frame)).toMatchObject({ replayed: true });
    now += 1;
    expect(await connection.ask(frame)).not.toHaveProperty("replayed");
    expect(await Note.objects.get({ id: pk })).toMatchObject({ hits: 2 });
    now += 999;
    expect(await connection.ask(frame)).toMatchObject({ replayed: true });
  });

  it("keys count on each stream of a multiplexed socket", async () => {
    const connection = await connected(Multiplexer({ notes: NoteConsumer }), { user: { id: "ann" } });
    const frame = { stream: "notes", payload: creation("x", randomUUID()) };
    const answer = Object(await connection.ask(frame));
    expect(answer).toMatchObject({ stream: "notes", payload: { response_status: 201 } });
    expect(await connection.ask(frame)).toEqual({ ...answer, payload: { ...answer.payload, replayed: true } });
    expect(await titles()).toEqual(["x"]);
  });

  it("the change log sees the writes of a keyed request once, and nothing of its key or of a replay", async () => {
    db.changes.observe(Note);
    const before = await db.changes.position();
    const connection = await as("ann");
    const frame = creation("x", randomUUID());
    await connection.ask(frame);
    expect(await connection.ask(frame)).toMatchObject({ replayed: true });
    const seen = await db.changes.since(before);
    expect(seen?.map(({ changes }) => changes.map(({ after }) => after?.["title"]))).toEqual([["x"]]);
  });

  it("an action that answers by itself or with a stream cannot be idempotent", async () => {
    expect(() => action({ idempotent: db }, async function* () {})).toThrow(/streaming action cannot be atomic or idempotent/);
    const connection = await as("ann");
    const frame = { action: "talk", request_id: 1, idempotency_key: randomUUID() };
    expect(await connection.ask(frame)).toMatchObject({ response_status: 500 });
    expect(await titles()).toEqual([]);
  });

  it("an idempotent action is atomic: it names one database, and without a key it is rolled back too", async () => {
    const other = { atomic: <T>(work: () => Promise<T>): Promise<T> => work() };
    expect(() => action({ atomic: other, idempotent: db }, () => null)).toThrow(/one database for both/);
    const connection = await as("ann");
    expect(await connection.ask({ action: "refuse", request_id: 1 })).toMatchObject({ response_status: 403 });
    expect(await titles()).toEqual([]);
  });

  it("a consumer without a model runs an action once too", async () => {
    class Plain extends AsyncAPIConsumer {
      write = action({ idempotent: db }, async () => {
        await Note.objects.create({ title: "plain", owner: "ann" });
      });
    }
    const connection = await connected(Plain, { user: { id: "ann" } });
    const frame = { action: "write", request_id: 1, idempotency_key: randomUUID() };
    expect(await connection.ask(frame)).toMatchObject({ response_status: 200 });
    expect(await connection.ask(frame)).toMatchObject({ response_status: 200, replayed: true });
    expect(await titles()).toEqual(["plain"]);
  });

  it("an overridden reply() gets the stored answer as a value, and the mark", async () => {
    const seen: unknown[] = [];
    class Replying extends NoteConsumer {
      override reply(options: Parameters<AsyncAPIConsumer["reply"]>[0]): Promise<void> {
        seen.push(options.data, options.extra);
        return super.reply(options);
      }
    }
    const connection = await connected(Replying, { user: { id: "ann" } });
    const frame = creation("x", randomUUID());
    const answer = Object(await connection.ask(frame));
    await connection.ask(frame);
    expect(seen).toEqual([answer.data, undefined, answer.data, { replayed: true }]);
  });
});
