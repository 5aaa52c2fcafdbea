import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describedCases } from "./described-cases.ts";
import { exceptions } from "./exceptions.ts";
import { recordedCases } from "./exchanges.ts";
import { closeDatabase } from "./lab/database.ts";
import { SECRET } from "./lab/failures.ts";
import { reset } from "./lab/operations.ts";
import { ERROR_ID, type LabServer, type LogEntry, startLabServer } from "./lab-server.ts";
import { CaseReplay } from "./replay-case.ts";

const received: string[] = [];
/** An event has no request to be answered: what its handler throws is in the log alone. */
const isOfHandler = ({ details }: LogEntry): boolean => Reflect.has(details, "observer");
let lab: LabServer;

beforeAll(async () => {
  lab = await startLabServer();
});

afterAll(async () => {
  await lab.close();
  await closeDatabase();
});

describe("Restwave answers what the recorded server answered, save the named exceptions", () => {
  beforeEach(() => reset());

  it.each(recordedCases.map((recorded) => [recorded.name, recorded] as const))("%s", async (name, recorded) => {
    const replay = new CaseReplay(lab, recorded.consumer);
    try {
      await replay.run(exceptions.get(name)?.instead(recorded.exchanges) ?? recorded.exchanges);
    } finally {
      received.push(...replay.received);
    }
  });

  it.each(describedCases.map((described) => [described.rule, described] as const))("%s", async (_rule, described) => {
    const replay = new CaseReplay(lab, described.consumer);
    try {
      await replay.run(described.exchanges);
    } finally {
      received.push(...replay.received);
    }
  });

  it("no answer of the run holds what the failures say of the server", () => {
    expect(received.length).toBeGreaterThan(300);
    expect(received.filter((text) => text.includes(SECRET) || /SQLITE|at .*\.ts:\d+/.test(text))).toEqual([]);
  });

  it("every 500 with an id has that id in the log", () => {
    const answeredIds = received.filter((text) => text.includes(`"error_id":"${ERROR_ID}"`));
    const logged = lab.log.filter((entry) => Reflect.get(entry.details, "errorId") === ERROR_ID && !isOfHandler(entry));
    expect(answeredIds.length).toBeGreaterThan(5);
    expect(logged.length).toBe(answeredIds.length);
  });

  it("an observer's handler that fails is in the log, once, with an id", () => {
    const logged = lab.log.filter(isOfHandler).map(({ details }) => details);
    expect(logged).toEqual([
      { connectionId: expect.any(String), observer: "boomActivity", errorId: ERROR_ID, error: expect.anything() },
    ]);
  });

  it("all 231 recorded cases are replayed", () => {
    expect(recordedCases.length).toBe(231);
  });
});

describe("the exceptions", () => {
  it("name recorded cases only", () => {
    const names = new Set(recordedCases.map((recorded) => recorded.name));
    expect([...exceptions.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it("are needed: each expects something else than the recording", () => {
    const same = recordedCases.filter((recorded) => {
      const exception = exceptions.get(recorded.name);
      return (
        exception !== undefined && JSON.stringify(exception.instead(recorded.exchanges)) === JSON.stringify(recorded.exchanges)
      );
    });
    expect(same.map((recorded) => recorded.name)).toEqual([]);
  });

  it("hold every recorded crash: no case expects close 1011 of Restwave", () => {
    const crashes = recordedCases.filter(
      (recorded) => !exceptions.has(recorded.name) && recorded.exchanges.some((exchange) => exchange.close === 1011),
    );
    expect(crashes.map((recorded) => recorded.name)).toEqual([]);
  });
});
