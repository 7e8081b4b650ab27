import { describe, expect, it } from "vitest";
import { metricDefinitionSchema } from "./schema.ts";

const source = { event: "buy", where: [] };
const part = { ...source, aggregate: { of: "count" } };
const kinds = {
  count: { kind: "count", source },
  sum: { kind: "sum", source },
  mean: { kind: "mean", source },
  ratio: { kind: "ratio", numerator: part, denominator: part },
} as const;

const parse = (kind: keyof typeof kinds, cap: unknown) => metricDefinitionSchema.safeParse({ ...kinds[kind], cap });
const messages = (kind: keyof typeof kinds, cap: unknown) =>
  parse(kind, cap).error?.issues.map(({ path, message }) => [path.join("."), message]);

describe("a metric's cap", () => {
  it.each([
    ["count", { level: 0.999, includeZeros: false }],
    ["sum", { at: 0.5 }],
    ["count", { at: 1e15 }],
    ["mean", { at: 100, atDenominator: 5 }],
    ["ratio", { at: 100 }],
    ["ratio", { at: 100, atDenominator: 5 }],
  ] as const)("of a %s may be %j", (kind, cap) => {
    expect(parse(kind, cap).data).toEqual({ ...kinds[kind], cap });
  });

  it.each([[0], [-1], [1.1e15]])("lies above 0 and has a bound: %j", (at) => {
    const sentence = "A cap lies above 0, and is at most 1,000,000,000,000,000.";
    expect(messages("sum", { at })).toEqual([["cap.at", sentence]]);
    expect(messages("ratio", { at: 1, atDenominator: at })).toEqual([["cap.atDenominator", sentence]]);
  });

  it("says which forms there are where it is neither", () => {
    const plain = "Give a cap as `level` and `includeZeros` (a quantile of all units), or as `at` (a value).";
    for (const cap of [
      {},
      { at: "12" },
      { at: Number.NaN },
      { at: Number.POSITIVE_INFINITY },
      { level: 0.99 },
      { level: 0.99, includeZeros: true, at: 5 },
    ]) {
      expect(messages("sum", cap)).toEqual([["cap", plain]]);
    }
    expect(messages("count", { at: 5, atDenominator: 5 })).toEqual([
      ["cap", "A cap at a value has `at` alone; of a ratio and a mean it may have `atDenominator` too."],
    ]);
    expect(messages("ratio", { atDenominator: 5 })).toEqual([
      ["cap", `${plain.slice(0, -1)}, with \`atDenominator\` where the denominator has a cap too.`],
    ]);
  });

  it("still says what is wrong with a level", () => {
    const cap = { level: 0.4, includeZeros: true };
    expect(messages("sum", cap)).toEqual([["cap.level", "A cap below the median would cut most units."]]);
  });
});
