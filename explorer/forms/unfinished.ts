import { isRecord } from "./is-record.ts";

/** Text in a form's value that is no JSON yet: it is kept while it is wrong, and must not be sent. */
export class Unfinished {
  readonly text: string;
  /** What is wrong with it, for its reader. */
  readonly problem: string;

  constructor(text: string, problem: string) {
    this.text = text;
    this.problem = problem;
  }

  /** A preview of the request shows the text as it stands. */
  toJSON(): string {
    return this.text;
  }
}

/** Where a text stands that is unfinished. */
export interface UnfinishedPlace {
  /** Names and indexes that lead to it. */
  readonly path: readonly string[];
  readonly problem: string;
}

/** All that is unfinished in a form's value. Do not send the value while there is any. */
export function unfinishedIn(value: unknown, path: readonly string[] = []): readonly UnfinishedPlace[] {
  if (value instanceof Unfinished) return [{ path, problem: value.problem }];
  if (!Array.isArray(value) && !isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => unfinishedIn(inner, [...path, name]));
}
