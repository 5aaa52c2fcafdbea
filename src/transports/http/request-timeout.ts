import { APIException } from "../../protocol/exceptions.ts";

/** 408: the body did not arrive in time. */
export class RequestTimeout extends APIException {
  static override readonly statusCode: number = 408;
  static override readonly defaultDetail: string = "The body took too long to arrive.";
  static override readonly defaultCode: string = "request_timeout";
}
