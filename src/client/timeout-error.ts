import { RestwaveError } from "../protocol/exceptions.ts";

/** The server did not answer in time. Time without a connection does not count. */
export class TimeoutError extends RestwaveError {
  constructor(call: string, milliseconds: number) {
    super(`${call} was not answered within ${milliseconds} ms. Raise { timeout } for calls that may take longer.`, {
      code: "timeout",
      status: 504,
    });
  }
}
