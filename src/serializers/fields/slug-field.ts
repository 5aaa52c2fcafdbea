import { CharField, type CharFieldOptions } from "./char-field.ts";

const SLUG = /^[-a-zA-Z0-9_]+$/;

/** Letters, digits, underscores and hyphens. */
export class SlugField<const O extends CharFieldOptions = CharFieldOptions> extends CharField<O> {
  static override readonly defaultErrorMessages: Readonly<Record<string, string>> = {
    ...CharField.defaultErrorMessages,
    invalid: 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.',
  };

  constructor(options?: O) {
    super(options);
    this.validators.push((value) => {
      if (!SLUG.test(String(value))) this.fail("invalid");
    });
  }
}
