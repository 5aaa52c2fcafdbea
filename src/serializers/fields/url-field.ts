import { isIPv6 } from "node:net";
import { CharField, type CharFieldOptions } from "./char-field.ts";

/** An absolute http, https, ftp or ftps URL, by the rules of Django's `URLValidator`. */
export class URLField<const O extends CharFieldOptions = CharFieldOptions> extends CharField<O> {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...CharField.defaultErrorMessages,
    invalid: "Enter a valid URL.",
  };

  constructor(options?: O) {
    super(options);
    this.validators.push((value) => {
      if (!isUrl(String(value))) this.fail("invalid");
    });
  }
}

const MAX_LENGTH = 2048;
const MAX_HOST_LENGTH = 253;
const PARTS = /^(?:https?|ftps?):\/\/(?:[^\s:@/]+(?::[^\s:@/]*)?@)?(\[[^\]\s]*\]|[^\s:/?#[\]@]+)(?::[0-9]{1,5})?(?:[/?#]\S*)?$/i;
const OCTET = "(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const LETTER = "a-z\\u00a1-\\uffff";
const LABEL = `[${LETTER}0-9](?:[${LETTER}0-9-]{0,61}[${LETTER}0-9])?`;
const TOP_LEVEL = `(?!-)(?:[${LETTER}-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)`;
const HOST_NAME = new RegExp(`^(?:${LABEL}\\.)+${TOP_LEVEL}\\.?$`, "i");

function isUrl(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const host = PARTS.exec(text)?.[1];
  if (host === undefined || host.length > MAX_HOST_LENGTH) return false;
  if (host.startsWith("[")) return isIPv6(host.slice(1, -1));
  return host.toLowerCase() === "localhost" || IPV4.test(host) || HOST_NAME.test(host);
}
