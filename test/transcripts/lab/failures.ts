import {
  APIException,
  AuthenticationFailed,
  Http404,
  MethodNotAllowed,
  NotAcceptable,
  NotAuthenticated,
  NotFound,
  ParseError,
  PermissionDenied,
  Throttled,
  UnsupportedMediaType,
  ValidationError,
} from "../../../src/protocol/exceptions.ts";

class Teapot extends APIException {
  static override readonly statusCode = 418;
  static override readonly defaultDetail = "I am a teapot.";
  static override readonly defaultCode = "teapot";
}

/** Says where the server keeps its secrets: no client may read that. */
export const SECRET = "secret path /etc/passwd";

/** What the action `fail` throws, by the recorded names. What is no API exception stands for Python's errors of those names. */
export const failures: Readonly<Record<string, () => unknown>> = {
  validation_str: () => new ValidationError("plain"),
  validation_list: () => new ValidationError(["one", "two"]),
  validation_dict: () => new ValidationError({ a: ["one"], b: "two" }),
  validation_nested: () => new ValidationError({ a: { b: ["deep"] }, c: [{}, { d: ["x"] }] }),
  validation_empty: () => new ValidationError(),
  validation_emptydict: () => new ValidationError({}),
  validation_code: () => new ValidationError("coded", "my_code"),
  validation_number: () => new ValidationError({ n: 5, none: null, b: true }),
  not_found: () => new NotFound(),
  not_found_msg: () => new NotFound("custom missing"),
  permission_denied: () => new PermissionDenied(),
  permission_denied_msg: () => new PermissionDenied("because"),
  permission_denied_dict: () => new PermissionDenied({ why: "because", n: 3 }),
  not_authenticated: () => new NotAuthenticated(),
  auth_failed: () => new AuthenticationFailed(),
  parse_error: () => new ParseError(),
  method_not_allowed: () => new MethodNotAllowed("GET"),
  not_acceptable: () => new NotAcceptable(),
  unsupported: () => new UnsupportedMediaType("text/x"),
  throttled: () => new Throttled(5),
  throttled_nowait: () => new Throttled(),
  api_exception: () => new APIException(),
  api_exception_msg: () => new APIException("server sad"),
  teapot: () => new Teapot(),
  http404: () => new Http404(),
  http404_class: () => new Http404(),
  dj_permission: () => new Error(SECRET),
  value_error: () => new RangeError(SECRET),
  key_error: () => new TypeError(SECRET),
  runtime: () => new Error(SECRET),
  cancelled: () => new DOMException(SECRET, "AbortError"),
  timeout: () => new DOMException(SECRET, "TimeoutError"),
  stop: () => undefined,
};
