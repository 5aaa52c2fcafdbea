import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exceptions } from "./exceptions.ts";
import { groupOf, recordedCases } from "./exchanges.ts";
import { closeDatabase } from "./lab/database.ts";
import { SECRET } from "./lab/failures.ts";
import { reset } from "./lab/operations.ts";
import { ERROR_ID, type LabServer, startLabServer } from "./lab-server.ts";
import { CaseReplay } from "./replay-case.ts";

/** What only a consumer with observers can answer. */
const NEED_OBSERVERS: ReadonlySet<string> = new Set(["instance", "mo", "signal", "leak"]);

const replayed = recordedCases.filter((recorded) => !NEED_OBSERVERS.has(groupOf(recorded)));
const received: string[] = [];
let lab: LabServer;

beforeAll(async () => {
  lab = await startLabServer();
  console.log(`needs observers (next): ${recordedCases.length - replayed.length} cases of ${[...NEED_OBSERVERS].join(", ")}`);
});

afterAll(async () => {
  await lab.close();
  await closeDatabase();
});

describe("Restwave answers what the recorded server answered, save the named exceptions", () => {
  beforeEach(() => reset());

  it.each(replayed.map((recorded) => [recorded.name, recorded] as const))("%s", async (name, recorded) => {
    const replay = new CaseReplay(lab, recorded.consumer);
    try {
      await replay.run(exceptions.get(name)?.instead(recorded.exchanges) ?? recorded.exchanges);
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
    const logged = lab.log.filter(({ details }) => Reflect.get(details, "errorId") === ERROR_ID);
    expect(answeredIds.length).toBeGreaterThan(5);
    expect(logged.length).toBe(answeredIds.length);
  });
});

describe("the exceptions", () => {
  it("name replayed cases only", () => {
    const names = new Set(replayed.map((recorded) => recorded.name));
    expect([...exceptions.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it("are needed: each expects something else than the recording", () => {
    const same = replayed.filter((recorded) => {
      const exception = exceptions.get(recorded.name);
      return (
        exception !== undefined && JSON.stringify(exception.instead(recorded.exchanges)) === JSON.stringify(recorded.exchanges)
      );
    });
    expect(same.map((recorded) => recorded.name)).toEqual([]);
  });

  it("hold every recorded crash: no case expects close 1011 of Restwave", () => {
    const crashes = replayed.filter(
      (recorded) => !exceptions.has(recorded.name) && recorded.exchanges.some((exchange) => exchange.close === 1011),
    );
    expect(crashes.map((recorded) => recorded.name)).toEqual([]);
  });
});
