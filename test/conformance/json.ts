/**
 * A lossless JSON reader: `2.0` is a {@link Float} and `2` a number, integers past 2^53 are bigints, and Python's `NaN` and
 * `Infinity` are read too. JSON.parse loses all three differences, and its `context.source` is not in Node 20.
 */

/** A number that was written as a float. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** An object of a JSON text. */
export interface JsonObject {
  [key: string]: Json;
}

/** Any value of a JSON text. */
export type Json = null | boolean | string | number | bigint | Float | Json[] | JsonObject;

/** Whether a value is an object, neither list nor number. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

const NUMBER = /-?(?:\d+(\.\d+)?([eE][+-]?\d+)?|Infinity)|NaN/y;
const WORDS: readonly [string, Json][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** Reads one JSON text. Errors: SyntaxError with the position. */
export function parseJson(text: string): Json {
  let at = 0;

  function fail(expected: string): never {
    throw new SyntaxError(`expected ${expected} at position ${at}, found ${JSON.stringify(text.slice(at, at + 12))}`);
  }

  function space(): void {
    for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13); code = text.charCodeAt(at)) at++;
  }

  function take(token: string): boolean {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  }

  function string(): string {
    const start = at++;
    let plain = true;
    for (let c = text[at]; c !== '"'; c = text[at]) {
      if (c === undefined) fail("the end of a string");
      if (c === "\\") {
        plain = false;
        at++;
      }
      at++;
    }
    at++;
    return plain ? text.slice(start + 1, at - 1) : JSON.parse(text.slice(start, at));
  }

  function number(): Json {
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (match === null) return fail("a value");
    at = NUMBER.lastIndex;
    const value = Number(match[0]);
    if (match[1] !== undefined || match[2] !== undefined || !Number.isFinite(value)) return new Float(value);
    return Number.isSafeInteger(value) ? value : BigInt(match[0]);
  }

  function list(): Json[] {
    at++;
    const out: Json[] = [];
    space();
    if (take("]")) return out;
    for (;;) {
      out.push(value());
      space();
      if (take("]")) return out;
      if (!take(",")) fail("',' or ']'");
    }
  }

  function object(): JsonObject {
    at++;
    const out: JsonObject = {};
    space();
    if (take("}")) return out;
    for (;;) {
      space();
      if (text[at] !== '"') fail("a key");
      const key = string();
      space();
      if (!take(":")) fail("':'");
      // defineProperty, so that a key "__proto__" is a key like any other.
      Object.defineProperty(out, key, { value: value(), enumerable: true, configurable: true, writable: true });
      space();
      if (take("}")) return out;
      if (!take(",")) fail("',' or '}'");
    }
  }

  function value(): Json {
    space();
    const c = text[at];
    if (c === "[") return list();
    if (c === "{") return object();
    if (c === '"') return string();
    for (const [word, meaning] of WORDS) if (take(word)) return meaning;
    return number();
  }

  const out = value();
  space();
  if (at < text.length) fail("the end");
  return out;
}
