import { describe, expect, it } from "vitest";
import type { ConfigRule, FlagConfiguration } from "../../query/outputs.ts";
import { addRule, moveRule, toSplit, toVariant, variantPlace, withShare } from "./serves.ts";
import { stateSentence } from "./words.ts";

const variants = [
  { key: "on", value: true },
  { key: "off", value: false },
];
const place = { flag: "free-shipping", place: "everyone" };
const rule = (
  id: string,
  when: ConfigRule["when"] = [{ attribute: "country", op: "in", values: ["DE"] }],
): ConfigRule => ({
  id,
  when,
  serve: { variant: "on" },
});
const config = (rules: ConfigRule[], serve: FlagConfiguration["serve"] = { variant: "off" }): FlagConfiguration => ({
  on: true,
  off: "off",
  targets: [],
  rules,
  serve,
});
const split = (on: number) => {
  const made = toSplit({ variant: "off" }, variants, place);
  if (!("split" in made)) throw new Error("not a split");
  return withShare(made.split, "on", on);
};

describe("serves", () => {
  it("begins a split with what was served before", () => {
    expect(toSplit({ variant: "off" }, variants, place)).toEqual({
      split: {
        by: "targetingKey",
        salt: "free-shipping/everyone",
        weights: [
          { variant: "on", parts: 0 },
          { variant: "off", parts: 100_000 },
        ],
      },
    });
  });

  it("moves the other share along and keeps salt and order", () => {
    const moved = withShare(split(10_000), "off", 33_333);
    expect(moved.weights).toEqual([
      { variant: "on", parts: 66_667 },
      { variant: "off", parts: 33_333 },
    ]);
    expect(moved.salt).toBe("free-shipping/everyone");
  });

  it("goes back to the larger variant", () => {
    expect(toVariant({ split: split(10_000) })).toEqual({ variant: "off" });
    expect(toVariant({ split: split(50_000) })).toEqual({ variant: "on" });
  });
});

describe("variantPlace", () => {
  it("puts the off variant first and keeps the order of the others", () => {
    const three = [
      { key: "promise", value: "b" },
      { key: "plain", value: "a" },
      { key: "bold", value: "c" },
    ];
    expect(["promise", "plain", "bold"].map((key) => variantPlace(three, "plain", key))).toEqual([1, 0, 2]);
  });
});

describe("rules", () => {
  it("adds a rule where it can match", () => {
    const everyone = rule("experiment", []);
    expect(addRule(config([rule("a"), everyone]), rule("b")).rules.map(({ id }) => id)).toEqual([
      "a",
      "b",
      "experiment",
    ]);
    expect(addRule(config([rule("a")]), rule("b")).rules.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("moves within the list only", () => {
    const before = config([rule("a"), rule("b")]);
    expect(moveRule(before, 1, -1).rules.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(moveRule(before, 0, -1)).toBe(before);
    expect(moveRule(before, 1, 1)).toBe(before);
  });
});

describe("a state in words", () => {
  it("says the state in a sentence", () => {
    expect(stateSentence(config([]), "production")).toBe("On in production: everyone gets off.");
    expect(stateSentence(config([rule("a")], { split: split(25_000) }), "production")).toBe(
      "On in production: 1 rule, then on 25 %, off 75 %.",
    );
    expect(stateSentence({ ...config([]), on: false }, "development")).toBe("Off in development: everyone gets off.");
  });
});
