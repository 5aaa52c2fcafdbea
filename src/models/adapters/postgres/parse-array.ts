type Nested<T> = T | null | Nested<T>[];

/**
 * The elements of PostgreSQL's text of an array, `{1,NULL,"a\"b",{...}}`.
 *
 * @param decode an element's text to its value.
 */
export function parseArray<T>(text: string, decode: (text: string) => T): Nested<T>[] {
  // Bounds other than the usual ones stand before: `[0:1]={1,2}`.
  const start = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  return readArray({ text, at: start + 1 }, decode);
}

interface Cursor {
  readonly text: string;
  at: number;
}

function readArray<T>(cursor: Cursor, decode: (text: string) => T): Nested<T>[] {
  const elements: Nested<T>[] = [];
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== "}") {
    elements.push(readElement(cursor, decode));
    if (cursor.text[cursor.at] === ",") cursor.at += 1;
  }
  cursor.at += 1;
  return elements;
}

function readElement<T>(cursor: Cursor, decode: (text: string) => T): Nested<T> {
  if (cursor.text[cursor.at] === "{") {
    cursor.at += 1;
    return readArray(cursor, decode);
  }
  const quoted = cursor.text[cursor.at] === '"';
  const pattern = quoted ? /"((?:[^"\\]|\\.)*)"/sy : /[^,}]*/y;
  pattern.lastIndex = cursor.at;
  const [whole = "", inner = whole] = pattern.exec(cursor.text) ?? [];
  cursor.at += whole.length;
  if (quoted) return decode(inner.replace(/\\(.)/gs, "$1"));
  return whole === "NULL" ? null : decode(whole);
}
