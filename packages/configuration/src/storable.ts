/** Why a value cannot be stored, and where it is: the keys and indexes that lead to it. */
export interface Unstorable {
  path: string[];
  problem: string;
}

/** Deeper values end in a stack overflow somewhere: parsers, validators and printers call themselves. */
const DEPTH_MAX = 64;

/** Half of a surrogate pair: UTF-8, and so PostgreSQL and ClickHouse, cannot write it. */
const HALF_PAIR = /\p{Surrogate}/u;

/**
 * Finds what the databases refuse of a value that somebody sent: they store JSON without NUL characters, half surrogate
 * pairs and numbers beyond double precision. The one place that knows; every input is asked here, keys of records too.
 * @returns undefined when all of it can be stored
 */
export function findUnstorable(input: unknown): Unstorable | undefined {
  // A stack of its own: how deep the input is must not decide how deep the calls are.
  const open: { value: unknown; path: string[] }[] = [{ value: input, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (path.length > DEPTH_MAX) {
      return { path: path.slice(0, 8), problem: `nests more than ${DEPTH_MAX} levels deep. Make it flatter.` };
    }
    const problem = problemOf(value);
    if (problem) return { path, problem };
    if (typeof value !== "object" || value === null) continue;
    for (const [key, part] of Object.entries(value)) {
      const problem = Array.isArray(value) ? undefined : problemOfKey(key);
      if (problem) return { path, problem };
      open.push({ value: part, path: [...path, key] });
    }
  }
  return undefined;
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return problemOfText(value, "holds");
    case "number":
      return problemOfNumber(value);
    case "object":
      return isPlain(value) ? undefined : NO_JSON;
    case "boolean":
    case "undefined":
      return undefined;
    default:
      return NO_JSON;
  }
}

const NO_JSON = "is not JSON: send texts, numbers, booleans, null, lists and objects only.";

function problemOfText(text: string, holds: string): string | undefined {
  if (text.includes("\0")) return `${holds} a NUL character, which cannot be stored. Take it out.`;
  if (HALF_PAIR.test(text))
    return `${holds} half of a character (a lone surrogate), which cannot be stored. Take it out.`;
  return undefined;
}

function problemOfKey(key: string): string | undefined {
  // JavaScript reads it as the object's prototype: most programs lose such a member without a word.
  if (key === "__proto__") return 'has a member called "__proto__", which programs lose. Give it another name.';
  return problemOfText(key, "has a member whose name holds");
}

function problemOfNumber(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : "is not a finite number. Give a number.";
}

function isPlain(value: object | null): boolean {
  if (value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
