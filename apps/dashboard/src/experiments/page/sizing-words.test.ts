import { expect, it } from "vitest";
import type { Sizing } from "../../query/outputs.ts";
import { plain } from "../fixtures.ts";
import { sizingWords } from "./sizing-words.ts";

const history = {
  from: "2026-11-01T00:00:00Z",
  to: "2026-11-28T00:00:00Z",
  units: 900,
  value: 4,
  unitVariance: 900,
  skewness: 9,
};
const buy = { key: "buy", name: "Purchases", role: "primary" as const, history, proposedCap: { y: null, x: null } };
const paying = { ...buy, key: "paying", name: "Paying", role: "guardrail" as const };
const sizing = {
  power: 0.34,
  units: 1_174_770,
  binding: "paying",
  alone: [
    { metric: "buy", units: 61_000 },
    { metric: "paying", units: 1_150_000 },
  ],
  neverRead: null,
  uncounted: [],
};
const words = (over: Partial<Sizing>) => {
  const found = sizingWords({ plannedUnits: 40_000, sizing, metrics: [buy, paying], ...over }, 0.8);
  return { ...found, sentences: found.sentences.map(plain), unknown: found.unknown.map(plain) };
};

it("says the chance, what is needed, and what binds", () => {
  expect(words({}).sentences).toEqual([
    "With the planned 40,000 units the chance is 34.0 %, which is less than was wanted.",
    "1,174,770 units find the smallest effects that matter and show every guardrail with a chance of 80.0 % or more. Paying needs most.",
  ]);
  expect(words({}).alone.map(({ name, units }) => [name, plain(units)])).toEqual([
    ["Purchases", "61,000 units by itself"],
    ["Paying", "1,150,000 units by itself"],
  ]);
});

it("says what may be read later than it can count", () => {
  expect(words({ sizing: { ...sizing, uncounted: ["buy"] } }).sentences[2]).toMatch(
    /^Purchases may be read later than that: .*denominator/,
  );
});

it("says what cannot be told, and what to do", () => {
  expect(words({ sizing: null }).sentences[0]).toMatch(/^It cannot be told/);
  expect(words({ sizing: { ...sizing, units: null, alone: [] } }).sentences[1]).toMatch(
    /^No number of units is enough for Paying/,
  );
  const never = { ...sizing, units: null, alone: [], neverRead: "buy" };
  expect(words({ sizing: never }).sentences[1]).toMatch(/^Purchases is never read by this plan: .* Give it a cap\.$/);
  const metrics = [
    { ...buy, history: null },
    { ...paying, proposedCap: { y: 650, x: null } },
  ];
  expect(words({ metrics }).unknown).toEqual([
    "Nothing is known of Purchases from the last four weeks.",
    "A cap of 650 would cut one in a thousand values of Paying that are not 0.",
  ]);
});
