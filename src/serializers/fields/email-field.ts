import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { CharField, type CharFieldOptions } from "./char-field.ts";

/** An e-mail address, by the rules of Django's `EmailValidator` (RFC 3696: at most 320 characters). */
export class EmailField<const O extends CharFieldOptions = CharFieldOptions> extends CharField<O> {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...CharField.defaultErrorMessages,
    invalid: "Enter a valid email address.",
  };

  constructor(options?: O) {
    super(options);
    this.validators.push((value) => {
      if (!isEmail(String(value))) this.fail("invalid");
    });
  }
}

const MAX_LENGTH = 320;
const WORD = "[-!#$%&'*+/=?^_`{}|~0-9a-z]+";
const DOT_ATOM = new RegExp(`^${WORD}(?:\\.${WORD})*$`, "i");
// eslint-disable-next-line no-control-regex -- RFC 822 allows control characters in quoted local parts
const QUOTED = /^"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"$/;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z0-9-]{2,63}(?<!-)$`, "i");
const ADDRESS_LITERAL = /^\[([a-f0-9:.]+)\]$/i;

function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0 || text.length > MAX_LENGTH) return false;
  const user = text.slice(0, at);
  const domain = text.slice(at + 1);
  return (
    (DOT_ATOM.test(user) || QUOTED.test(user)) && (domain === "localhost" || isDomain(domain) || isDomain(domainToASCII(domain)))
  );
}

function isDomain(domain: string): boolean {
  if (DOMAIN.test(domain)) return true;
  const literal = ADDRESS_LITERAL.exec(domain)?.[1];
  return literal !== undefined && isIP(literal) !== 0;
}
