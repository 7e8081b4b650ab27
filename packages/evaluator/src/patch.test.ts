import fc from "fast-check";
import { describe, expect, it } from "vitest";
import patches from "../cases/patches/patches.json";
import { applyPatch, isIntact, patchBetween, type Ruleset, sealed } from "./index.ts";
import { rulesets } from "./reference/arbitraries.ts";

/** As a publisher writes it: records sorted, and read again. */
function written(ruleset: Ruleset): Ruleset {
  const sorted = (record: object) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { flags, conditions, segments } = ruleset;
  const parts = { flags: sorted(flags), conditions: sorted(conditions), segments: sorted(segments) };
  return sealed(JSON.parse(JSON.stringify({ ...ruleset, ...parts })));
}

describe("a patch", { timeout: 60_000 }, () => {
  it("leads from one version to the next byte by byte, or there is none", () => {
    let made = 0;
    fc.assert(
      fc.property(rulesets, rulesets, fc.subarray(["f", "g", "h"]), (one, other, mixed) => {
        const flags = Object.fromEntries(
          Object.keys(one.flags).map((key) => [key, (mixed.includes(key) ? other : one).flags[key]]),
        );
        const conditions = { ...one.conditions, ...other.conditions };
        const next = written({ ...one, conditions, version: 4, flags } as Ruleset);
        const before = written(one);
        const patch = patchBetween(before, next);
        if (!patch) return;
        made++;
        expect(patch.from).toBe(3);
        expect(applyPatch(before, JSON.parse(JSON.stringify(patch)))).toBe(JSON.stringify(next));
      }),
      { numRuns: 300 },
    );
    expect(made).toBeGreaterThan(50);
  });

  it("made for another document is found out by the digest", () => {
    fc.assert(
      fc.property(rulesets, rulesets, (one, other) => {
        const [before, stranger] = [written(one), written(other)];
        const next = written({ ...before, version: 4, hints: { flushIntervalMs: 2, fastLane: true } });
        const patch = patchBetween(before, next);
        if (!patch) throw new Error("a changed hint is a short patch");
        const isSame = JSON.stringify({ ...stranger, digest: "" }) === JSON.stringify({ ...before, digest: "" });
        expect(isIntact(applyPatch(stranger, patch))).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });

  // The specification for other languages: texts in and out, so that no reader of JSON changes an order.
  it.each(patches.cases)("$name", ({ document, patch, text }) => {
    expect([isIntact(document), isIntact(text)]).toEqual([true, true]);
    expect(applyPatch(JSON.parse(document), JSON.parse(patch))).toBe(text);
  });

  const plain = (flags: Ruleset["flags"], more: Partial<Ruleset> = {}) =>
    sealed({
      schema: 2,
      environment: "shop/test",
      audience: "server",
      version: 1,
      attributes: ["targetingKey"],
      hints: { flushIntervalMs: 1, fastLane: false },
      conditions: {},
      segments: {},
      flags,
      ...more,
    });
  const flag = (serve: string) => ({ variants: { on: true, off: false }, off: "off", serve });
  const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`flag-${100 + i}`, flag("on")]));

  it("carries what changed and nothing else", () => {
    const { "flag-142": gone, ...rest } = hundred;
    const before = plain({ ...hundred, "7": flag("on") });
    const after = plain({ "7": flag("off"), a: flag("on"), ...rest }, { version: 2 });
    expect(gone).toBeDefined();
    expect(patchBetween(before, after)).toEqual({
      from: 1,
      set: { digest: after.digest, version: 2 },
      entries: { flags: { "7": flag("off"), a: flag("on"), "flag-142": null } },
    });
  });

  it("is none where the document is shorter, or has members that no patch can put in their place", () => {
    expect(patchBetween(plain(hundred), plain({ a: flag("on") }, { version: 2 }))).toBeUndefined();
    const held = { ...plain(hundred), version: 2 };
    const { flags, ...others } = held;
    const holdouts = { h: { by: "targetingKey", seed: 1, end: 2 } };
    expect(patchBetween(plain(hundred), sealed({ ...others, holdouts, flags }))).toBeUndefined();
  });
});
