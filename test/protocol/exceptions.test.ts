import { describe, expect, test } from "vitest";
import * as exceptions from "../../src/protocol/exceptions.ts";

const { APIException, ValidationError, Throttled, Http404, NotFound, MethodNotAllowed, UnsupportedMediaType } = exceptions;

describe("APIException", () => {
  test("a string becomes the only error, a list stays, an object is the only element", () => {
    expect(new ValidationError("plain").errors).toEqual(["plain"]);
    expect(new ValidationError(["one", "two"]).errors).toEqual(["one", "two"]);
    expect(new ValidationError({ a: ["one"], b: "two" }).errors).toEqual([{ a: ["one"], b: "two" }]);
    expect(new ValidationError().errors).toEqual(["Invalid input."]);
    expect(new ValidationError({}).errors).toEqual([{}]);
  });

  test("leaves that are no strings are printed as Python prints them", () => {
    expect(new ValidationError({ n: 5, none: null, b: true, deep: [{ x: false }] }).errors).toEqual([
      { n: "5", none: "None", b: "True", deep: [{ x: "False" }] },
    ]);
  });

  test("each kind has DRF's status and text", () => {
    const texts = [
      [new APIException(), 500, "A server error occurred."],
      [new exceptions.ParseError(), 400, "Malformed request."],
      [new exceptions.AuthenticationFailed(), 401, "Incorrect authentication credentials."],
      [new exceptions.NotAuthenticated(), 401, "Authentication credentials were not provided."],
      [new exceptions.PermissionDenied(), 403, "You do not have permission to perform this action."],
      [new NotFound(), 404, "Not found."],
      [new Http404(), 404, "Not found"],
      [new MethodNotAllowed("GET"), 405, 'Method "GET" not allowed.'],
      [new exceptions.NotAcceptable(), 406, "Could not satisfy the request Accept header."],
      [new UnsupportedMediaType("text/x"), 415, 'Unsupported media type "text/x" in request.'],
      [new Throttled(), 429, "Request was throttled."],
      [new Throttled(4.2), 429, "Request was throttled. Expected available in 5 seconds."],
      [new Throttled(1), 429, "Request was throttled. Expected available in 1 second."],
    ] as const;
    for (const [error, status, text] of texts) {
      expect([error.status, error.errors]).toEqual([status, [text]]);
    }
  });

  test("a subclass sets status, text and code in one place", () => {
    class Teapot extends APIException {
      static override readonly statusCode = 418;
      static override readonly defaultDetail = "I am a teapot.";
      static override readonly defaultCode = "teapot";
    }
    expect(new Teapot()).toMatchObject({ status: 418, code: "teapot", name: "Teapot", errors: ["I am a teapot."] });
  });
});
