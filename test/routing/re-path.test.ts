import { expect, test } from "vitest";
import { rePath } from "../../src/routing/re-path.ts";
import { resolveRoute } from "../../src/routing/resolve-route.ts";
import { EchoSession } from "../transports/sessions.ts";

const paramsOf = (pattern: RegExp, target: string): unknown =>
  resolveRoute([rePath(pattern, EchoSession)], target)?.pathParams ?? null;

test("the expression is searched for in the path without its leading slash", () => {
  expect(paramsOf(/^ws\/$/, "/ws/")).toEqual({});
  expect(paramsOf(/^ws\/$/, "/ws/x")).toBeNull();
  expect(paramsOf(/^\/ws\/$/, "/ws/")).toBeNull();
  expect(paramsOf(/ws\/$/, "/any/ws/")).toEqual({});
});

test("named groups become parameters, decoded; groups that took no part are left out", () => {
  expect(paramsOf(/^rooms\/(?<name>[^/]+)\/(?:(?<page>\d+)\/)?$/, "/rooms/a%2Fb%20c/")).toEqual({ name: "a/b c" });
  expect(paramsOf(/^rooms\/(?<name>[^/]+)\/(?:(?<page>\d+)\/)?$/, "/rooms/x/2/")).toEqual({ name: "x", page: "2" });
});

test("the global and sticky flags do not make a route forget every other request", () => {
  const routes = [rePath(/^ws\/$/gy, EchoSession)];
  expect(resolveRoute(routes, "/ws/")).not.toBeNull();
  expect(resolveRoute(routes, "/ws/")).not.toBeNull();
});

test("nested routes match what follows the expression's match", () => {
  const routes = [rePath(/^v(?<version>\d)\//, [rePath(/^ws\/$/, EchoSession)])];
  expect(resolveRoute(routes, "/v2/ws/")?.pathParams).toEqual({ version: "2" });
  expect(resolveRoute(routes, "/v2/other/")).toBeNull();
});
