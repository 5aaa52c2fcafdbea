/** A reader from whom projects are taken away while it reads. */
export interface Fenced {
  /** These projects are not granted to the user. What was sent before may still come, but not over a new connection. */
  deny(projects: readonly number[]): void;
  /** From here on nothing of what is denied may come. */
  fence(): void;
  /** Resolves when everything that the server sent to this connection before has arrived. @returns false when it was cut meanwhile. */
  echo(): Promise<boolean>;
}
