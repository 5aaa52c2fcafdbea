import type { MessageArguments } from "../protocol/arguments.ts";
import { ValidationError } from "../protocol/exceptions.ts";

/** The argument `data`. @throws ValidationError (400) when it is missing; null and wrong types are the serializer's to refuse. */
export function requireData(args: MessageArguments): unknown {
  if (Object.hasOwn(args, "data")) return args["data"];
  throw new ValidationError({ data: ["This field is required."] });
}
