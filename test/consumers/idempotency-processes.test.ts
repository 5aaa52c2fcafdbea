import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/index.ts";
import { describeOnDatabases } from "../databases/describe-on-databases.ts";
import type { OpenDatabase } from "../databases/test-database.ts";
import { services } from "../services.ts";
import { connect, onCleanup, startServer } from "../transports/test-server.ts";
import { declareLab, type Lab, noteTables } from "./idempotency-lab.ts";

const authenticate = () => ({ user: { id: "ann" } });
const STARTS_WITHIN = 20_000;

describeOnDatabases("idempotency keys through lost sockets and processes", (on) => {
  let opened: OpenDatabase;
  let lab: Lab;

  beforeEach(async () => {
    opened = await on.open();
    const tables = noteTables(on.builder);
    await opened.create([tables.notes]);
    lab = declareLab(opened.db, tables);
    onCleanup(() => opened.close());
  });

  const titles = async () => (await lab.Note.objects.orderBy("id").toArray()).map((note) => note.title);
  const creation = (title: string, key: string) => ({
    action: "create",
    request_id: 1,
    data: { title, owner: "ann" },
    idempotency_key: key,
  });

  it("a write whose socket was cut between commit and answer is applied once when it is sent again", async () => {
    const server = await startServer(lab.NoteConsumer, { authenticate });
    const lost = await connect(server);
    const gone = once(lost.socket, "close");
    lab.switches.afterWrite = () => {
      const stop = lab.db.onCommit(() => {
        stop();
        lost.socket.terminate();
      });
    };
    const frame = creation("x", randomUUID());
    lost.sendJson(frame);
    await gone;
    lab.switches.afterWrite = () => expect.fail("ran twice");
    const client = await connect(server);
    client.sendJson(frame);
    expect(await client.receiveJson()).toMatchObject({ response_status: 201, data: { title: "x" }, replayed: true });
    expect(await titles()).toEqual(["x"]);
  });

  it("a write that is sent again while the first is under way on a cut socket waits for it, and gets its answer", async () => {
    const server = await startServer(lab.NoteConsumer, { authenticate });
    const lost = await connect(server);
    let finish = (): void => {};
    const wrote = new Promise<void>((resolve) => {
      lab.switches.afterWrite = () => {
        resolve();
        return new Promise((done) => (finish = done));
      };
    });
    const frame = creation("x", randomUUID());
    lost.sendJson(frame);
    await wrote;
    lost.socket.terminate();
    const client = await connect(server);
    client.sendJson(frame);
    client.sendJson({ action: "cancel", request_id: "barrier", cancel_request_id: "none" });
    expect(await client.receiveJson()).toMatchObject({ request_id: "barrier" });
    finish();
    expect(await client.receiveJson()).toMatchObject({ response_status: 201, replayed: true });
    expect(await titles()).toEqual(["x"]);
  });

  it("kill -9 between commit and answer: the next process gives the stored answer", { timeout: 60_000 }, async () => {
    const frame = creation("dies after commit", randomUUID());
    await dieOf(frame);
    expect(await titles()).toEqual(["dies after commit"]);
    const client = await connect(await startServer(lab.NoteConsumer, { authenticate }));
    client.sendJson(frame);
    expect(await client.receiveJson()).toMatchObject({
      response_status: 201,
      data: { title: "dies after commit" },
      replayed: true,
    });
    expect(await titles()).toEqual(["dies after commit"]);
  });

  it("kill -9 before the commit: nothing is left, and the next process runs it anew", { timeout: 60_000 }, async () => {
    const frame = creation("dies before commit", randomUUID());
    await dieOf(frame);
    const client = await connect(await startServer(lab.NoteConsumer, { authenticate }));
    client.sendJson(frame);
    const answer = await client.receiveJson(STARTS_WITHIN);
    expect(answer).toMatchObject({ response_status: 201 });
    expect(answer).not.toHaveProperty("replayed");
    expect(await titles()).toEqual(["dies before commit"]);
  });

  it("duplicates at two processes at the same time are run once, and all get one answer", { timeout: 60_000 }, async () => {
    const here = await startServer(lab.NoteConsumer, { authenticate });
    const there = await startProcess();
    const clients = await Promise.all([here, there, here, there].map((server) => connect(server)));
    const frames = Array.from({ length: 10 }, (_, n) => creation(`note ${n}`, randomUUID()));
    for (const frame of frames) for (const client of clients) client.sendJson(frame);
    const answers = await Promise.all(
      clients.flatMap((client) => frames.map(() => client.receiveJson(STARTS_WITHIN).then((answer) => Object(answer)))),
    );
    for (const answer of answers) expect(answer).toMatchObject({ response_status: 201 });
    expect(answers.filter((answer) => !("replayed" in answer))).toHaveLength(frames.length);
    const distinct = new Set(answers.map(({ data }) => JSON.stringify(data)));
    expect(distinct.size).toBe(frames.length);
    expect(await lab.Note.objects.all().count()).toBe(frames.length);
  });

  /** Sends the frame to a process that it kills. */
  async function dieOf(frame: object): Promise<void> {
    const { child, url } = await startProcess();
    const exited = once(child, "exit");
    const client = await connect({ url });
    client.sendJson(frame);
    expect(await exited).toEqual([null, "SIGKILL"]);
    expect(await client.receiveClose()).toMatchObject({ code: 1006 });
  }

  async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
    const file = fileURLToPath(new URL("idempotency-server.ts", import.meta.url));
    const args = ["--import", "tsx", file, await addressOf(opened.db)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    onCleanup(async () => void child.kill("SIGKILL"));
    const [line] = await once(child.stdout, "data");
    return { child, url: String(line).trim() };
  }

  async function addressOf(db: Database): Promise<string> {
    if (on.name === "SQLite") {
      const [main] = await db.execute<{ file: string }>(sql`PRAGMA database_list`);
      return String(main?.file);
    }
    const [own] = await db.execute<{ schema: string }>(sql`SELECT current_schema() AS schema`);
    const url = new URL(services.postgres.address);
    url.searchParams.set("options", `-c search_path=${own?.schema}`);
    return url.href;
  }
});
