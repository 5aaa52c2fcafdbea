import { CharField, type CharFieldOptions } from "./char-field.ts";

/** Text that matches a pattern, anywhere in it unless the pattern has `^` and `$`. */
export class RegexField<const O extends CharFieldOptions = CharFieldOptions> extends CharField<O> {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...CharField.defaultErrorMessages,
    invalid: "This value does not match the required pattern.",
  };

  readonly pattern: RegExp;

  constructor(pattern: RegExp, options?: O) {
    super(options);
    // A pattern with `g` or `y` remembers where it stopped, and would refuse every second value.
    this.pattern = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    this.validators.push((value) => {
      if (!this.pattern.test(String(value))) this.fail("invalid");
    });
  }
}
