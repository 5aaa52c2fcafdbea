/** One kind of request that is measured. */
export interface Scenario {
  readonly name: string;
  /** The route that answers it, the same on both servers. */
  readonly path: string;
  readonly status: number;
  /** The throughput at 50 connections that Restwave aims at, as a part of the control's. */
  readonly target: number;
  /** The text of the n-th request. Its `request_id` is n. */
  request(n: number): string;
}

/** Rows of the table that `retrieve` and `patch` work on. */
export const ROWS = 10_000;

/** A row somewhere in the table: neighbours in time are no neighbours in the file. */
function pkOf(n: number): number {
  return ((n * 7919) % ROWS) + 1;
}

export const scenarios: readonly Scenario[] = [
  {
    name: "retrieve",
    path: "/ws/users/",
    status: 200,
    target: 0.85,
    request: (n) => `{"action":"retrieve","request_id":${n},"pk":${pkOf(n)}}`,
  },
  { name: "list10", path: "/ws/ten/", status: 200, target: 1.2, request: (n) => `{"action":"list","request_id":${n}}` },
  { name: "list100", path: "/ws/hundred/", status: 200, target: 3, request: (n) => `{"action":"list","request_id":${n}}` },
  {
    name: "create",
    path: "/ws/created/",
    status: 201,
    target: 0.75,
    request: (n) => `{"action":"create","request_id":${n},"data":{"username":"new user ${n}","email":"${n}@example.com"}}`,
  },
  {
    name: "patch",
    path: "/ws/users/",
    status: 200,
    target: 0.75,
    request: (n) => `{"action":"patch","request_id":${n},"pk":${pkOf(n)},"data":{"email":"edited${n}@example.com"}}`,
  },
];

/** How the answer of the n-th request must end. */
export function answerEnd(scenario: Scenario, n: number): string {
  return `,"action":"${actionOf(scenario)}","response_status":${scenario.status},"request_id":${n}}`;
}

function actionOf({ name }: Scenario): string {
  return name.replace(/\d+$/, "");
}

export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`Expected one of ${scenarios.map((each) => each.name).join(", ")}, got "${name}".`);
  return scenario;
}
