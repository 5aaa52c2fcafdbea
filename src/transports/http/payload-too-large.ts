import { APIException } from "../../protocol/exceptions.ts";

/** 413: the body is larger than the server takes. */
export class PayloadTooLarge extends APIException {
  static override readonly statusCode: number = 413;
  static override readonly defaultDetail: string = "The body is too large.";
  static override readonly defaultCode: string = "payload_too_large";
}
