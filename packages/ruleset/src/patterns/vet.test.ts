import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explore } from "./explore.ts";
import { backtrack, TooManySteps } from "./fixtures.ts";
import { programOf, Unvettable } from "./program.ts";
import { patternProblem } from "./vet.ts";

describe("patterns whose work is in proportion to the text pass", () => {
  it.each([
    "@example\\.com$",
    "^(DE|AT|CH)-\\d{4}$",
    "[ab]{50}c",
    "(foo|bar).{10}baz",
    "a[ab]{20}c",
    "a.{0,10}b.{0,10}c",
    "a+",
    "\\b\\d+\\b",
    "^\\s+$",
    "^.*@example\\.com$",
    "^([a-z0-9]+\\.)*example\\.com$",
    "^[\\w.+-]+@([\\w-]+\\.)+\\w+$",
    "^([^,]*,){11}P",
    "^(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$",
    "^(?=.*a)(?!.*b).+$",
    "(?<!test)@example\\.com$",
    "\\p{L}{2}",
    "^((a?)?)*$",
    "^(a?){6}b$",
  ])("%s", (pattern) => expect(patternProblem(pattern)).toBeUndefined());
});

describe("patterns that some text makes slow are refused, with such a text", () => {
  it.each([
    ["exponential", "^(a+)+$"],
    ["exponential in empty rounds", "(a*)*b"],
    ["exponential in the pattern", `^${"a?".repeat(24)}b$`],
    ["exponential in the pattern, as a repetition", "^(a?){24}b$"],
    ["exponential by alternatives", "^(a|a)*$"],
    ["exponential at the end only", "^(?:$|$){24}b"],
    ["exponential without taking anything", "^(?:\\b|\\b){24}x"],
    ["quadratic", "x*x*y"],
    ["quadratic, as it may begin anywhere", "a*b"],
    ["quadratic, as it may begin at every blank", "\\s+$"],
    ["quadratic on the side", "(?=.*a)b"],
    ["of a high degree", "(.*,){11}P"],
    ["linear, 500 times over", "a{1,500}b"],
  ])("%s: %s", (_, pattern) => {
    expect(patternProblem(pattern)).toMatch(/^\/.+\/ can take very long: on texts like ".*" it has more than 500 ways/);
  });
});

describe("patterns of which nothing can be said are refused", () => {
  it.each([
    ["", "An empty pattern matches everything"],
    ["(a+)\\1", "refers back"],
    ["(?<=a*)b", "looks behind without a bound"],
    ["(?<=(a?){30})b", "looks behind without a small bound"],
    ["a{5000}", "too long"],
    ["(?i:a)", "not every JavaScript engine"],
    ["Mozilla/5\\.0 .*Chrome/(1[0-9]{2}|[89]\\d)\\.", "too many ways to match"],
  ])("%s", (pattern, reason) => expect(patternProblem(pattern)).toContain(reason));

  it("with groups in groups in groups", () => {
    expect(patternProblem(`${"(".repeat(240)}a${")*".repeat(240)}`)).toBeDefined();
    expect(patternProblem(`${"(".repeat(9_000)}a${")".repeat(9_000)}`)).toMatch(/groups|not every/);
  });
});

/** Small patterns of everything that is vetted. */
const { pattern: patterns } = fc.letrec<{ pattern: string; sequence: string; element: string; atom: string }>(
  (tie) => ({
    pattern: fc.oneof(
      { maxDepth: 4 },
      tie("sequence"),
      fc.tuple(tie("sequence"), tie("pattern")).map(([one, other]) => `${one}|${other}`),
    ),
    sequence: fc.array(tie("element"), { maxLength: 4 }).map((elements) => elements.join("")),
    element: fc.oneof(
      { maxDepth: 4 },
      tie("atom"),
      fc.tuple(tie("atom"), fc.constantFrom("*", "+", "?", "{2}", "{0,3}", "{2,}", "*?", "??")).map(([a, b]) => a + b),
      fc.constantFrom("^", "$", "\\b", "\\B"),
      tie("pattern").map((inner) => `(?=${inner})`),
      tie("pattern").map((inner) => `(?!${inner})`),
    ),
    atom: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\w", "-"),
      tie("pattern").map((inner) => `(?:${inner})`),
    ),
  }),
);
const texts = fc.oneof(
  fc.array(fc.constantFrom("a", "b", "-", "é"), { maxLength: 25 }).map((letters) => letters.join("")),
  fc
    .tuple(fc.constantFrom("a", "b", "ab", "-", "a-", "aab"), fc.nat(12), fc.constantFrom("", "!"))
    .map(([part, n, end]) => part.repeat(n) + end),
);

describe("the bound", { timeout: 120_000 }, () => {
  it("holds for an engine that goes back on its steps, on any text", () => {
    const met = { fast: 0, slow: 0 };
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 8 }), (pattern, all) => {
        const finding = findingOf(pattern);
        if (finding === undefined || !("steps" in finding)) {
          met.slow++;
          return;
        }
        met.fast++;
        for (const text of all) {
          const most = finding.steps * ([...text].length + 1);
          const { isFound } = backtrack(pattern, text, most);
          expect(isFound).toBe(new RegExp(pattern, "u").test(text));
        }
      }),
      { numRuns: 300 },
    );
    // Or the property would prove little.
    expect(met.fast).toBeGreaterThan(50);
    expect(met.slow).toBeGreaterThan(5);
  });

  it("is passed on the text that is shown, repeated", () => {
    for (const pattern of ["^(a+)+$", `^${"a?".repeat(24)}b$`, "x*x*y", "\\s+$", "(.*,){4}P"]) {
      const finding = findingOf(pattern);
      if (!finding || !("slow" in finding)) throw new Error(pattern);
      const text = `${finding.slow.repeat(100).slice(0, 400)}!`;
      expect(() => backtrack(pattern, text, 100 * text.length)).toThrow(TooManySteps);
    }
  });
});

function findingOf(pattern: string) {
  try {
    const finding = explore(programOf(pattern));
    return finding === "undecided" ? undefined : finding;
  } catch (cause) {
    if (cause instanceof Unvettable) return undefined;
    throw cause;
  }
}
