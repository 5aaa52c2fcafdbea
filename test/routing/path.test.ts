import { describe, expect, expectTypeOf, test } from "vitest";
import { ImproperlyConfigured } from "../../src/protocol/exceptions.ts";
import { path } from "../../src/routing/path.ts";
import { rePath } from "../../src/routing/re-path.ts";
import { resolveRoute } from "../../src/routing/resolve-route.ts";
import type { Route } from "../../src/routing/route.ts";
import { EchoSession } from "../transports/sessions.ts";

class Users extends EchoSession {}
class Rooms extends EchoSession {}

/** What `pattern` captures from `target`, or null when it does not match. */
function capture(pattern: string, target: string): Readonly<Record<string, string | number>> | null {
  return resolveRoute([path(pattern, Users)], target)?.pathParams ?? null;
}

test("a path is matched whole, without its leading slash", () => {
  expect(capture("ws/users/", "/ws/users/")).toEqual({});
  expect(capture("ws/users/", "/ws/users/1")).toBeNull();
  expect(capture("ws/users/", "/ws/users")).toBeNull();
  expect(capture("ws/users/", "/x/ws/users/")).toBeNull();
});

test("characters that mean something in regular expressions mean themselves", () => {
  expect(capture("a.b+(c)/", "/a.b+(c)/")).toEqual({});
  expect(capture("a.b/", "/axb/")).toBeNull();
});

describe("converters", () => {
  test("int takes digits and gives a number", () => {
    expect(capture("users/<int:pk>/", "/users/042/")).toEqual({ pk: 42 });
    expect(capture("users/<int:pk>/", "/users/-1/")).toBeNull();
    expect(capture("users/<int:pk>/", "/users/1.5/")).toBeNull();
  });

  test("an int that a number cannot hold does not match", () => {
    expect(capture("users/<int:pk>/", "/users/9007199254740991/")).toEqual({ pk: 9007199254740991 });
    expect(capture("users/<int:pk>/", "/users/9007199254740993/")).toBeNull();
  });

  test("str is the default and takes one segment", () => {
    expect(capture("<name>/", "/any thing/")).toEqual({ name: "any thing" });
    expect(capture("<str:name>/", "/a/b/")).toBeNull();
    expect(capture("<name>/", "//")).toBeNull();
  });

  test("slug takes letters, digits, hyphens and underscores", () => {
    expect(capture("<slug:s>/", "/a-B_9/")).toEqual({ s: "a-B_9" });
    expect(capture("<slug:s>/", "/é/")).toBeNull();
  });

  test("uuid takes dashed lower-case hexadecimal", () => {
    const id = "075194d3-6885-417e-a8a8-6c931e272f00";
    expect(capture("<uuid:id>/", `/${id}/`)).toEqual({ id });
    expect(capture("<uuid:id>/", `/${id.toUpperCase()}/`)).toBeNull();
  });

  test("path takes slashes too", () => {
    expect(capture("files/<path:file>", "/files/a/b.txt")).toEqual({ file: "a/b.txt" });
  });

  test("several parameters are captured by name", () => {
    expect(capture("<slug:org>/rooms/<int:pk>/", "/acme/rooms/7/")).toEqual({ org: "acme", pk: 7 });
  });
});

describe("percent-encoding", () => {
  test("captured values and literal parts are decoded", () => {
    expect(capture("café/<name>/", "/caf%C3%A9/%F0%9F%8C%8A/")).toEqual({ name: "\u{1F30A}" });
  });

  test("an encoded slash belongs to the value and separates nothing", () => {
    expect(capture("<name>/", "/a%2Fb/")).toEqual({ name: "a/b" });
    expect(capture("a/b/", "/a%2fb/")).toBeNull();
  });

  test("what decodes to percent signs is decoded once", () => {
    expect(capture("<name>/", "/%252F/")).toEqual({ name: "%2F" });
  });

  test("malformed encoding matches nothing", () => {
    for (const target of ["/%/", "/%zz/", "/%E0%A4%A/", "/%ff/"]) expect(capture("<name>/", target)).toBeNull();
  });
});

test("the first route that matches wins", () => {
  const routes = [path("<name>/", Users), path("rooms/", Rooms)];
  expect(resolveRoute(routes, "/rooms/")?.consumer).toBe(Users);
});

test("nested routes match what the prefix leaves over, and their parameters join", () => {
  const routes = [
    path("api/<slug:org>/", [path("users/<int:pk>/", Users), rePath(/^rooms\/(?<room>\w+)\/$/, Rooms)]),
    path("api/acme/extra/", Rooms),
  ];
  expect(resolveRoute(routes, "/api/acme/users/3/")).toEqual({ consumer: Users, pathParams: { org: "acme", pk: 3 } });
  expect(resolveRoute(routes, "/api/acme/rooms/lobby/")).toEqual({ consumer: Rooms, pathParams: { org: "acme", room: "lobby" } });
  expect(resolveRoute(routes, "/api/acme/")).toBeNull();
});

test("a prefix whose routes do not match leaves the path to the routes behind it", () => {
  const routes = [path("api/", [path("users/", Users)]), path("api/rooms/", Rooms)];
  expect(resolveRoute(routes, "/api/rooms/")?.consumer).toBe(Rooms);
});

describe("a mistake in a pattern is refused at once", () => {
  test.each([
    ["<float:x>/", 'one of the converters str, int, slug, uuid, path, got "float"'],
    ["<int:a>/<a>/", 'each parameter name once, got "a" twice'],
    ["<int:a/", "parameters written <name> or <converter:name>"],
    ["<2x>/", "parameters written <name> or <converter:name>"],
  ])("%s", (pattern, message) => {
    expect(() => path(pattern, Users)).toThrow(ImproperlyConfigured);
    expect(() => path(pattern, Users)).toThrow(message);
  });
});

test("the type of a routing table keeps every pattern and every class", () => {
  const routes = [path("users/", Users), path("api/", [path("rooms/", Rooms)])];
  expectTypeOf(routes).toEqualTypeOf<(Route<"users/", typeof Users> | Route<"api/", Route<"rooms/", typeof Rooms>[]>)[]>();
  const byRegex = [rePath(/^ws\/$/, Users)];
  expectTypeOf(byRegex).toEqualTypeOf<Route<RegExp, typeof Users>[]>();
  // @ts-expect-error a class that is no consumer cannot be routed to
  path("x/", class {});
  expect(routes).toHaveLength(2);
});
