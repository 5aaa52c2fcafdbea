import type { MessageArguments } from "../protocol/arguments.ts";

/** What a pagination may know of the consumer that asks. */
export interface PaginationConsumer {
  getSerializerClass?(args: MessageArguments): { readonly writeOnlyFieldNames?: readonly string[] };
}
