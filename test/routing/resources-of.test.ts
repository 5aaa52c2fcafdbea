import { expect, test } from "vitest";
import { AsyncAPIConsumer, Multiplexer, path, rePath } from "../../src/index.ts";
import { resourcesOf } from "../../src/routing/resources-of.ts";

class UserConsumer extends AsyncAPIConsumer {}
class BlogEntryConsumer extends AsyncAPIConsumer {}
class HTTPBoxConsumer extends AsyncAPIConsumer {}
class PersonConsumer extends AsyncAPIConsumer {
  static readonly resourceName = "people";
}

test("a consumer has its stream's name, or its class's as a plural, or the one that it gives itself", () => {
  const routes = [
    rePath(/^ws\/$/, UserConsumer),
    path("api/", [path("entries/<int:blog>/", BlogEntryConsumer), path("boxes/", HTTPBoxConsumer)]),
    path("people/", PersonConsumer),
    path("all/", Multiplexer({ rooms: UserConsumer, room_members: PersonConsumer })),
  ];
  expect(resourcesOf(routes)).toEqual([
    { name: "users", consumerClass: UserConsumer, path: "ws/", stream: null },
    { name: "blog-entries", consumerClass: BlogEntryConsumer, path: "api/entries/<int:blog>/", stream: null },
    { name: "http-boxes", consumerClass: HTTPBoxConsumer, path: "api/boxes/", stream: null },
    { name: "people", consumerClass: PersonConsumer, path: "people/", stream: null },
    { name: "rooms", consumerClass: UserConsumer, path: "all/", stream: "rooms" },
    { name: "room_members", consumerClass: PersonConsumer, path: "all/", stream: "room_members" },
  ]);
});

test("a consumer that several routes lead to is one resource, at its first route", () => {
  const routes = [path("ws/", UserConsumer), path("old/", UserConsumer)];
  expect(resourcesOf(routes).map(({ path: where }) => where)).toEqual(["ws/"]);
});

test("two consumers of one name are refused, and so is one without a name", () => {
  const Other = { UserConsumer: class extends AsyncAPIConsumer {} }.UserConsumer;
  Object.defineProperty(Other, "name", { value: "UserConsumer" });
  expect(() => resourcesOf([path("a/", UserConsumer), path("b/", Other)])).toThrow(
    'Expected each consumer of a routing table to have a name of its own, got "users" for those at "a/" and "b/".',
  );
  expect(() => resourcesOf([path("c/", class extends AsyncAPIConsumer {})])).toThrow(
    'Expected the consumer at "c/" to be a class with a name',
  );
});
