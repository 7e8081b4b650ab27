import { describe, expect, it } from "vitest";
import { exposure, NOW, track } from "../fake-world.ts";
import { validateEvent } from "./validate.ts";

const evaluations = (changes: object = {}) => ({
  type: "evaluations",
  id: "e",
  time: "2026-11-23T11:59:00Z",
  flag: "summer-banner",
  variant: "on",
  rule: "",
  reason: "STATIC",
  version: 7,
  count: 12,
  ...changes,
});

const observations = (changes: object = {}) => ({
  type: "observations",
  id: "o",
  time: "2026-11-23T11:59:00Z",
  flag: "summer-banner",
  rule: "",
  variant: "on",
  version: 7,
  metric: "latency",
  count: 3,
  units: { halvings: 1, units: [5, 2_147_483_647] },
  sum: 812.5,
  squares: 300_000.25,
  ...changes,
});

const receipt = { receivedMs: NOW, offsetMs: 0, retentionMs: 395 * 86_400_000 };

const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });

describe("validateEvent accepts", () => {
  it.each([
    ["an exposure", exposure({ attributes: { country: "DE", age: 42, pro: true } })],
    ["a track", track({ value: -1.5, properties: { cart: ["a", { sku: 1 }], note: null } })],
    ["a unit in any script", track({ units: { targetingKey: "用户-🦜", accountId: "Ä" } })],
    ["evaluations", evaluations()],
    ["evaluations without a variant", evaluations({ variant: "" })],
    ["observations", observations()],
    ["observations of nobody, without values", observations({ units: undefined, sum: undefined, squares: undefined })],
  ])("%s", (_, event) => {
    expect(validateEvent(event, receipt)).toEqual({ event, atMs: Date.parse(event.time) });
  });

  it("a time that is too old or too far ahead only after the sender's clock was corrected", () => {
    const event = track({ time: "2001-01-01T00:00:00Z" });
    expect(validateEvent(event, receipt)).toEqual({ reason: "“time” is more than 395 days ago." });
    const offsetMs = NOW - 1_000 - Date.parse(event.time);
    expect(validateEvent(event, { ...receipt, offsetMs })).toEqual({ event, atMs: NOW - 1_000 });
  });
});

describe("validateEvent refuses", () => {
  it.each<[string, unknown]>([
    ["a number", 1],
    ["a list", [track()]],
    ["an unknown type", track({ type: "observe" })],
    ["a type from the prototype", track({ type: "constructor" })],
    ["no id", track({ id: undefined })],
    ["an id that is a number", track({ id: 7 })],
    ["an empty id", track({ id: "" })],
    ["a long id", track({ id: "x".repeat(65) })],
    ["an id with a null character", track({ id: "a\0b" })],
    ["an id with a line break", track({ id: "a\nb" })],
    ["a lone high surrogate", track({ units: { targetingKey: "\ud83e" } })],
    ["a lone low surrogate", track({ name: "\udd9c!" })],
    ["a time without a zone", track({ time: "2026-11-23T11:59:00" })],
    ["a time that is no day", track({ time: "2026-13-45T99:00:00Z" })],
    ["a time as a number", track({ time: NOW })],
    ["a value that is text", track({ value: "42" })],
    ["an infinite value", track({ value: Number.POSITIVE_INFINITY })],
    ["no units", track({ units: {} })],
    ["units as a list", track({ units: ["u-42"] })],
    ["a unit that is a number", track({ units: { targetingKey: 42 } })],
    ["an empty unit", track({ units: { targetingKey: "" } })],
    ["a huge unit", track({ units: { targetingKey: "u".repeat(257) } })],
    ["too many units", track({ units: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, "u"])) })],
    ["a unit called __proto__", track({ units: JSON.parse('{"__proto__":"u"}') })],
    ["deep properties", track({ properties: deep(6) })],
    ["very deep properties", track({ properties: deep(5_000) })],
    ["huge properties", track({ properties: { text: "x".repeat(8_192) } })],
    ["properties as text", track({ properties: "x" })],
    ["an exposure without a variant", exposure({ variant: undefined })],
    ["a version that is not whole", exposure({ version: 1.5 })],
    ["a negative version", exposure({ version: -1 })],
    ["a nested attribute", exposure({ attributes: { a: { b: 1 } } })],
    ["an attribute called __proto__", exposure({ attributes: JSON.parse('{"__proto__":"x"}') })],
    ["a huge attribute", exposure({ attributes: { a: "x".repeat(257) } })],
    ["a count of 0", evaluations({ count: 0 })],
    ["an endless count", evaluations({ count: 1e300 })],
    ["observations of no variant", observations({ variant: "" })],
    ["observations of no metric", observations({ metric: "" })],
    ["a long metric", observations({ metric: "m".repeat(129) })],
    ["no observations", observations({ count: 0 })],
    ["a version of observations that is no number", observations({ version: "7" })],
    ["units as a list", observations({ units: [1, 2] })],
    ["units that are null", observations({ units: null })],
    ["units in disorder", observations({ units: { halvings: 0, units: [2, 1] } })],
    ["units beyond their sample", observations({ units: { halvings: 1, units: [2_147_483_648] } })],
    ["a sketch that is halved too often", observations({ units: { halvings: 33, units: [] } })],
    ["too many units", observations({ units: { halvings: 0, units: Array.from({ length: 65 }, (_, i) => i) } })],
    ["a sum without squares", observations({ squares: undefined })],
    ["squares without a sum", observations({ sum: undefined })],
    ["negative squares", observations({ squares: -1 })],
    ["a sum that is a text", observations({ sum: "1" })],
    ["infinite squares", observations({ squares: Number.POSITIVE_INFINITY })],
  ])("%s", (_, event) => {
    expect(validateEvent(event, receipt)).toEqual({ reason: expect.any(String) });
  });

  it("leaves Object.prototype alone", () => {
    validateEvent(JSON.parse('{"__proto__":{"polluted":true},"type":"track"}'), receipt);
    expect({}).not.toHaveProperty("polluted");
  });
});
