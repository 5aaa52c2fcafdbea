/** What stands at the head of a document. */
export interface DocumentOptions {
  /** The name of the API. Default "API". */
  readonly title?: string;
  /** The version of the API. Default "0.0.0". */
  readonly version?: string;
  readonly description?: string;
  /** Where it is served: `"https://api.example.com"`, or with `wss:`. Default: not said. */
  readonly url?: string;
  /** The path below which HTTP serves the resources, as the option of `httpApi`. Default `"/api/"`. */
  readonly prefix?: string;
}

/** The `info` of a document. */
export function infoOf({ title = "API", version = "0.0.0", description }: DocumentOptions) {
  return { title, version, ...(description === undefined ? {} : { description }) };
}
