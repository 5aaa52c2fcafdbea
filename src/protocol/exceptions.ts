import { errorsOf, type ErrorDetail } from "./error-detail.ts";

/**
 * Root of every error that Restwave throws. `code` is stable and machine-readable; `status` is the HTTP status the error mirrors.
 */
export class RestwaveError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(message: string, options: { code: string; status?: number; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.status = options.status ?? 500;
  }
}

/** The application is put together wrongly: thrown at start or at first use, never because of what a client sent. */
export class ImproperlyConfigured extends RestwaveError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: "improperly_configured", ...options });
  }
}

/**
 * An error that is meant for the client: it becomes the `errors` and `response_status` of the answer. Subclass it to add a kind:
 *
 * ```ts
 * class Teapot extends APIException {
 *   static override readonly statusCode = 418;
 *   static override readonly defaultDetail = "I am a teapot.";
 *   static override readonly defaultCode = "teapot";
 * }
 * ```
 *
 * Source of names and texts: Django REST Framework, `rest_framework/exceptions.py`.
 */
export class APIException extends RestwaveError {
  static readonly statusCode: number = 500;
  static readonly defaultDetail: string = "A server error occurred.";
  static readonly defaultCode: string = "error";

  readonly detail: ErrorDetail;

  /**
   * @param detail a message, a list of messages, or an object of field name to messages; default: the class's `defaultDetail`.
   * @param code a stable code; default: the class's `defaultCode`.
   */
  constructor(detail?: ErrorDetail, code?: string, options: { cause?: unknown } = {}) {
    const kind = new.target;
    const given = detail ?? kind.defaultDetail;
    super(typeof given === "string" ? given : JSON.stringify(errorsOf(given)), {
      code: code ?? kind.defaultCode,
      status: kind.statusCode,
      ...options,
    });
    this.detail = given;
  }

  /** What the answer's `errors` holds: always a list; an object detail is its only element. */
  get errors(): unknown[] {
    return errorsOf(this.detail);
  }
}

/** 400: the data is not acceptable. A string detail becomes a list, as DRF does. */
export class ValidationError extends APIException {
  static override readonly statusCode: number = 400;
  static override readonly defaultDetail: string = "Invalid input.";
  static override readonly defaultCode: string = "invalid";
}

/** 400: the frame itself is malformed. */
export class ParseError extends APIException {
  static override readonly statusCode: number = 400;
  static override readonly defaultDetail: string = "Malformed request.";
  static override readonly defaultCode: string = "parse_error";
}

/** 401: the credentials that were sent are wrong. */
export class AuthenticationFailed extends APIException {
  static override readonly statusCode: number = 401;
  static override readonly defaultDetail: string = "Incorrect authentication credentials.";
  static override readonly defaultCode: string = "authentication_failed";
}

/** 401: credentials are needed and none were sent. */
export class NotAuthenticated extends APIException {
  static override readonly statusCode: number = 401;
  static override readonly defaultDetail: string = "Authentication credentials were not provided.";
  static override readonly defaultCode: string = "not_authenticated";
}

/** 403: known, but not allowed. */
export class PermissionDenied extends APIException {
  static override readonly statusCode: number = 403;
  static override readonly defaultDetail: string = "You do not have permission to perform this action.";
  static override readonly defaultCode: string = "permission_denied";
}

/** 404, raised by application code; DRF's text ends in a full stop. */
export class NotFound extends APIException {
  static override readonly statusCode: number = 404;
  static override readonly defaultDetail: string = "Not found.";
  static override readonly defaultCode: string = "not_found";
}

/** 404, raised when a row is not in the queryset; DCRF answers `Not found` for it whatever the message, so it takes none. */
export class Http404 extends APIException {
  static override readonly statusCode: number = 404;
  static override readonly defaultDetail: string = "Not found";
  static override readonly defaultCode: string = "not_found";

  constructor() {
    super();
  }
}

/** 405: the name is no action here. */
export class MethodNotAllowed extends APIException {
  static override readonly statusCode: number = 405;
  static override readonly defaultCode: string = "method_not_allowed";

  constructor(method: string, detail: ErrorDetail = `Method "${method}" not allowed.`) {
    super(detail);
  }
}

/** 406: no representation that the client accepts. */
export class NotAcceptable extends APIException {
  static override readonly statusCode: number = 406;
  static override readonly defaultDetail: string = "Could not satisfy the request Accept header.";
  static override readonly defaultCode: string = "not_acceptable";
}

/** 409: the request contradicts the present state. */
export class Conflict extends APIException {
  static override readonly statusCode: number = 409;
  static override readonly defaultDetail: string = "The request conflicts with the current state.";
  static override readonly defaultCode: string = "conflict";
}

/** 415: the media type is not understood. */
export class UnsupportedMediaType extends APIException {
  static override readonly statusCode: number = 415;
  static override readonly defaultCode: string = "unsupported_media_type";

  constructor(mediaType: string, detail: ErrorDetail = `Unsupported media type "${mediaType}" in request.`) {
    super(detail);
  }
}

/** 429: too many requests. `wait` is in seconds and is rounded up. */
export class Throttled extends APIException {
  static override readonly statusCode: number = 429;
  static override readonly defaultDetail: string = "Request was throttled.";
  static override readonly defaultCode: string = "throttled";

  readonly wait: number | null;

  constructor(wait: number | null = null, detail: string = new.target.defaultDetail) {
    const seconds = wait === null ? null : Math.ceil(wait);
    super(seconds === null ? detail : `${detail} Expected available in ${seconds} second${seconds === 1 ? "" : "s"}.`);
    this.wait = seconds;
  }
}

/** 503: a part that the server needs is away for now; the same request may go through later. */
export class ServiceUnavailable extends APIException {
  static override readonly statusCode: number = 503;
  static override readonly defaultDetail: string = "Service temporarily unavailable, try again later.";
  static override readonly defaultCode: string = "service_unavailable";
}
