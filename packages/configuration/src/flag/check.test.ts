import { describe, expect, it } from "vitest";
import { checkConfiguration } from "./check.ts";
import type { FlagConfiguration, Visibility } from "./configuration.ts";
import { configurationSchema } from "./schema.ts";

const other = (prerequisites: string[] = [], visibility: Visibility = "client") => ({
  variants: new Set(["on", "off"]),
  visibility,
  prerequisites,
});
const known = {
  variants: new Set(["on", "off"]),
  segments: new Set(["staff"]),
  experiments: new Set<string>(),
  flags: new Map([
    ["banner", other()],
    ["base", other()],
    ["hidden", other([], "server")],
    ["remote", other(["hidden"], "edge")],
    ["above", other(["middle"])],
    ["middle", other(["banner"])],
  ]),
};
const asking = (flag: string, variants = ["on"]) => ({ ...good, prerequisites: [{ flag, variants }] });
const good: FlagConfiguration = {
  on: true,
  off: "off",
  targets: [{ variant: "on", ids: ["u-1"] }],
  rules: [{ id: "r", when: [{ op: "inSegment", segments: ["staff"] }], serve: { variant: "on" } }],
  serve: {
    split: {
      by: "targetingKey",
      salt: "s",
      weights: [
        { variant: "on", parts: 10_000 },
        { variant: "off", parts: 90_000 },
      ],
    },
  },
};
const serve = (weights: { variant: string; parts: number }[], experiment?: string): FlagConfiguration => ({
  ...good,
  serve: { split: { by: "targetingKey", salt: "s", weights, experiment } },
});

describe("checkConfiguration", () => {
  it("accepts a sound one", () => {
    expect(checkConfiguration("banner", good, known)).toEqual([]);
    expect(checkConfiguration("banner", asking("base"), known)).toEqual([]);
    expect(checkConfiguration("remote", asking("hidden"), known)).toEqual([]);
  });
  it.each([
    ["an unknown off variant", { ...good, off: "gone" }, "off variant"],
    ["an unknown target", { ...good, targets: [{ variant: "gone", ids: ["a"] }] }, "Targeted variant"],
    [
      "an unknown segment",
      {
        ...good,
        rules: [{ id: "r", when: [{ op: "inSegment" as const, segments: ["gone"] }], serve: { variant: "on" } }],
      },
      "segment",
    ],
    [
      "shares that do not make 100 %",
      serve([
        { variant: "on", parts: 10_000 },
        { variant: "off", parts: 80_000 },
      ]),
      "90 %",
    ],
    [
      "a variant named twice",
      serve([
        { variant: "on", parts: 50_000 },
        { variant: "on", parts: 50_000 },
      ]),
      "twice",
    ],
    ["an experiment that does not run", serve([{ variant: "on", parts: 100_000 }], "gone"), "not running"],
    ["a prerequisite that is not there", asking("gone"), "does not exist or is archived"],
    ["a prerequisite's unknown variant", asking("base", ["blue"]), 'no variant "blue"'],
    ["itself as a prerequisite", asking("banner"), "circle: banner → banner"],
    ["a longer circle", asking("above"), "circle: banner → above → middle → banner"],
    ["a prerequisite that browsers do not see", asking("hidden"), 'Make "hidden" visible to clients'],
    ["a prerequisite that only the edge evaluates", asking("remote"), 'let the edge evaluate "banner"'],
    ["two rules with one id", { ...good, rules: [...good.rules, ...good.rules] }, "same id"],
  ])("refuses %s", (_, config, words) => {
    expect(checkConfiguration("banner", config, known).join(" ")).toContain(words);
  });
});

describe("configurationSchema", () => {
  it("takes what the type says and nothing else", () => {
    expect(configurationSchema.parse(good)).toEqual(good);
    expect(configurationSchema.safeParse({ ...good, on: "yes" }).success).toBe(false);
    expect(configurationSchema.safeParse(serve([{ variant: "on", parts: 0.5 }])).success).toBe(false);
    const rule = (when: unknown) => ({ ...good, rules: [{ id: "r", when, serve: { variant: "on" } }] });
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "in", values: [] }])).success).toBe(false);
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "in", values: ["a", 1] }])).success).toBe(false);
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "regex", values: ["("] }])).success).toBe(false);
    expect(configurationSchema.safeParse(rule([{ attribute: "a", op: "lt", values: ["3"] }])).success).toBe(false);
  });
});

describe("conditions", () => {
  const parse = (op: string, values: unknown[]) =>
    configurationSchema.safeParse({
      ...good,
      rules: [{ id: "r", when: [{ attribute: "a", op, values }], serve: { variant: "on" } }],
    });

  it.each<[string, unknown[]]>([
    ["matches", ["^[a-z]+$"]],
    ["semverGte", ["v1.2"]],
    ["semverEq", ["1.2.3-beta.1", "2"]],
    ["before", ["2026-11-24T10:00:00+01:00"]],
    ["after", [1_764_000_000_000]],
    ["inCidr", ["10.0.0.0/8", "2001:db8::/32", "192.168.0.1"]],
  ])("%s takes %j", (op, values) => expect(parse(op, values).success).toBe(true));

  it.each<[string, unknown[], string]>([
    ["matches", ["("], '"(" is no regular expression.'],
    ["semverLt", ["1.02"], "write it as 1.2.3"],
    ["before", ["2026-11-24"], "write it as 2026-11-24T10:00:00Z"],
    ["after", ["2026-02-30T10:00:00Z"], "is no time"],
    ["notInCidr", ["10.0.0.0/33"], "write it as 10.0.0.0/8"],
  ])("%s refuses %j and says what to do", (op, values, words) => {
    expect(JSON.stringify(parse(op, values).error?.issues)).toContain(words.replaceAll('"', '\\"'));
  });
});

it("takes no two rules of one id", () => {
  const [first] = good.rules;
  if (!first) throw new Error("There is a rule.");
  const repeated = { ...good, rules: [first, { ...first, id: "other" }, { ...first, when: [] }] };
  const paths = configurationSchema.safeParse(repeated).error?.issues.map(({ path }) => path.join("."));
  expect(paths).toEqual(["rules.2.id"]);
  expect(configurationSchema.safeParse({ ...repeated, rules: repeated.rules.slice(0, 2) }).success).toBe(true);
});
