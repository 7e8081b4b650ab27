import { describe, expect, it } from "vitest";
import schema from "../ruleset.schema.json";
import { type Condition, evaluate, type Prepared, prepare, sealed } from "./index.ts";

/** Everywhere, but in none of the evaluator's own declarations: it has no clock. */
declare const performance: { now(): number };

/** What each operator is asked with; the patterns are of the kind that is let through when a flag is saved. */
const VALUES: Record<string, readonly unknown[]> = {
  in: ["a", "b"],
  inHashed: ["0123456789abcdef"],
  contains: ["ab".repeat(250), `b${"a".repeat(499)}`],
  startsWith: ["a".repeat(500)],
  endsWith: ["a".repeat(500)],
  matches: ["^[ab]{50}c", "@example\\.com$", "^(?:DE|AT)-\\d{4}$"],
  lt: [1],
  lte: [1],
  gt: [1],
  gte: [1],
  semverEq: ["1.2.3-rc.1"],
  semverLt: ["1.2.3-rc.1"],
  semverLte: ["1.2.3-rc.1"],
  semverGt: ["1.2.3-rc.1"],
  semverGte: ["1.2.3-rc.1"],
  before: ["2026-03-01T12:00:00Z"],
  after: ["2026-03-01T12:00:00Z"],
  inCidr: ["10.0.0.0/8", "2001:db8::/32", "::ffff:10.0.0.0/104"],
};

/** What a visitor may send: texts of `n` characters that come near to each operator's own form, and lists of `n`. */
const HOSTILE: Record<string, (n: number) => unknown> = {
  letters: (n) => "a".repeat(n),
  "letters and an end that does not fit": (n) => `${"a".repeat(n)}!`,
  pairs: (n) => "ab".repeat(n / 2),
  colons: (n) => ":".repeat(n),
  "colons and dots": (n) => ":.".repeat(n / 2),
  "colons, then dots": (n) => ":".repeat(n / 2) + ".".repeat(n / 2),
  "groups of an address": (n) => "ff:".repeat(n / 3),
  "an address in front of colons": (n) => `::ffff:10.0.0.1${":".repeat(n)}`,
  dots: (n) => ".".repeat(n),
  digits: (n) => "1".repeat(n),
  zeros: (n) => "0".repeat(n),
  "a version of many ids": (n) => `1.2.3-${"a.".repeat(n / 2)}a`,
  "a version of many ids and an end that does not fit": (n) => `1.2.3-${"1.".repeat(n / 2)}!`,
  "a version of dashes": (n) => `1.2.3${"-".repeat(n)}+`,
  "a version of plus signs": (n) => `1.2.3-a${"+a".repeat(n / 2)}`,
  "a time with a long fraction": (n) => `2026-03-01T12:00:00.${"1".repeat(n)}Z`,
  "a time with a long fraction and no zone": (n) => `2026-03-01T12:00:00.${"1".repeat(n)}`,
  slashes: (n) => "/".repeat(n),
  blanks: (n) => " ".repeat(n),
  "at signs": (n) => "@".repeat(n),
  NUL: (n) => "\0".repeat(n),
  "characters of several bytes": (n) => "€".repeat(n),
  "characters of two units": (n) => "😀".repeat(n / 2),
  "halves of characters": (n) => "\ud83d".repeat(n),
  "a list of texts": (n) => Array.from({ length: n / 4 }, (_, i) => `${i}`),
  "a list of colons": (n) => Array.from({ length: n / 40 }, () => ":".repeat(40)),
  "a list of lists": (n) => Array.from({ length: n / 2 }, () => []),
  "lists in lists": nested,
};

/** Made by a loop, as a parser does. */
function nested(n: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < Math.min(n, 5_000); i++) value = [value];
  return value;
}

/** Every operator of the schema that compares a value. */
const operators = JSON.stringify(schema.$defs)
  .match(/"op":\{"enum":\[[^\]]*\]/g)
  ?.flatMap((text) => JSON.parse(text.slice(text.indexOf("["))) as string[])
  .filter((op) => !/segment$/i.test(op));

const positive = (op: string) => op.replace(/^not(.)/, (_, letter: string) => letter.toLowerCase());

function asking(op: string): Prepared {
  const values = VALUES[positive(op)];
  const condition = { attribute: "a", op, ...(values && { values }) } as Condition;
  const result = prepare(
    sealed({
      schema: 2,
      environment: "shop/test",
      audience: "server",
      version: 1,
      attributes: ["targetingKey"],
      hints: { flushIntervalMs: 1, fastLane: false },
      conditions: { c: [condition] },
      segments: {},
      flags: { f: { variants: { on: true, off: false }, off: "off", rules: [["r", "c", "on"]], serve: "off" } },
    }),
  );
  if (!result.ok) throw new Error(result.reason);
  return result.ruleset;
}

/** The least of some runs, milliseconds: what else the machine does only adds. */
function leastOf(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let run = 0; run < 5 && spent < 300; run++) {
    const start = performance.now();
    work();
    const took = performance.now() - start;
    spent += took;
    least = Math.min(least, took);
  }
  return least;
}

/** Four times the text is four times the work; sixteen times would be quadratic. Too short to measure is short enough. */
const GROWTH_MAX = 9;
const SHORT_MS = 0.3;

describe("no operator's work grows faster than the visitor's text", { timeout: 120_000 }, () => {
  it("is asked of every operator", () => {
    expect([...new Set(operators?.map(positive))].filter((op) => op !== "exists").sort()).toEqual(
      Object.keys(VALUES).sort(),
    );
  });

  it.each(operators ?? [])("%s", (op) => {
    const ruleset = asking(op);
    const grown = Object.entries(HOSTILE).flatMap(([name, make]) => {
      const [short, long] = [make(15_000), make(60_000)];
      const ask = (a: unknown) => leastOf(() => void evaluate(ruleset, "f", { a }, false));
      let growth = Number.POSITIVE_INFINITY;
      // Other work on the machine may meet all runs of one measure, but not those of five.
      for (let look = 0; look < 5 && growth > GROWTH_MAX; look++) growth = ask(long) / Math.max(ask(short), SHORT_MS);
      return growth > GROWTH_MAX ? [`${name}: ${growth.toFixed(0)} times`] : [];
    });
    expect(grown).toEqual([]);
  });
});
