import fc from "fast-check";
import { describe, expect, it } from "vitest";
import lifecycle from "../cases/lifecycle.json";
import segments from "../cases/segments.json";
import splits from "../cases/splits.json";
import { checkRuleset, evaluate, isIntact, prepare, sealed } from "./index.ts";

interface Loose {
  [key: string]: Loose;
}

/** A copy of a good document with one thing changed. */
function broken(document: unknown, change: (copy: Loose) => void): unknown {
  const copy = JSON.parse(JSON.stringify(document));
  change(copy);
  return copy;
}

const set = (target: Loose | undefined, values: object) => Object.assign(target ?? {}, values);

it("keeps the document, and finds its flags", () => {
  const result = prepare(splits.ruleset);
  if (!result.ok) throw new Error(result.reason);
  expect(result.ruleset.document).toBe(splits.ruleset);
  expect(result.ruleset.flagOf("thirds")?.kind).toBe("string");
  expect(result.ruleset.flagOf("toString")).toBeUndefined();
});

it("ignores unknown fields everywhere", () => {
  const more = broken(splits.ruleset, (copy) => {
    set(copy, { novelty: 1 });
    set(copy.hints, { colour: "red", watched: { f: { by: "targetingKey", until: "done" } } });
    for (const flag of Object.values<Loose>(copy.flags ?? {})) set(flag, { notes: ["x"] });
  });
  expect([prepare(more).ok, checkRuleset(more)]).toEqual([true, undefined]);
});

describe("an SDK refuses what it could not decide rightly", () => {
  const anyCondition = (copy: Loose) => Object.values<Loose>(copy.conditions ?? {})[0]?.[0];
  const refusals: [string, string, (copy: Loose) => void][] = [
    ["another schema", "its schema is 3, not 2", (copy) => set(copy, { schema: 3 })],
    ["no schema", "its schema is undefined, not 2", (copy) => set(copy, { schema: undefined })],
    [
      "an unknown operator",
      "its operator soundsLike is unknown",
      (copy) => set(anyCondition(copy), { op: "soundsLike" }),
    ],
    ["an operator in capitals", "its operator IN is unknown", (copy) => set(anyCondition(copy), { op: "IN" })],
    ["an inherited name", "its operator toString is unknown", (copy) => set(anyCondition(copy), { op: "toString" })],
    ["no operator", "it is no ruleset", (copy) => set(anyCondition(copy), { op: null })],
    ["no flags", "parts are missing", (copy) => set(copy, { flags: null })],
    ["no conditions", "it is no ruleset", (copy) => set(copy, { conditions: null })],
    ["no segments", "parts are missing", (copy) => set(copy, { segments: undefined })],
    ["no hints", "it is no ruleset", (copy) => set(copy, { hints: null })],
    ["a version that is no number", "parts are missing", (copy) => set(copy, { version: "seven" })],
  ];
  it.each(refusals)("%s", (_name, reason, change) => {
    expect(prepare(broken(lifecycle.ruleset, change))).toEqual({ ok: false, reason });
  });

  it("and anything else at all, without throwing", () => {
    fc.assert(
      fc.property(fc.anything(), (document) => {
        expect(prepare(document).ok).toBe(false);
        expect(checkRuleset(document)).toBeTypeOf("string");
      }),
    );
    const loop: Record<string, unknown> = { ...lifecycle.ruleset };
    loop.flags = { f: { type: "json", variants: { off: loop, on: 1 }, off: "off", serve: "off" } };
    const result = prepare(loop);
    if (result.ok) expect(evaluate(result.ruleset, "f", {}, null)).toBeTypeOf("object");
  });
});

describe("a malformed flag", () => {
  const ruled = (copy: Loose) => copy.flags?.ruled?.rules;
  it.each<[string, (copy: Loose) => void]>([
    ["asks what is not there", (copy) => set(ruled(copy)?.[0], { 1: "nothing" })],
    ["has a rule that is no list", (copy) => set(ruled(copy), { 0: 5 })],
    ["has no variants", (copy) => set(copy.flags?.ruled, { variants: null })],
    ["is none", (copy) => set(copy.flags, { ruled: 5 })],
  ])("that %s answers the default with an error, and the others go on", (_name, change) => {
    const document = broken(lifecycle.ruleset, change);
    expect(checkRuleset(document)).toMatch(/^flags "ruled": /);
    const result = prepare(document);
    if (!result.ok) throw new Error(result.reason);
    expect(evaluate(result.ruleset, "ruled", { targetingKey: "u" }, true)).toMatchObject({
      value: true,
      reason: "ERROR",
    });
    expect(evaluate(result.ruleset, "plain", { targetingKey: "u" }, true).error).toBeUndefined();
  });

  it("in a circle of prerequisites and segments does not hang", () => {
    const document = broken(segments.ruleset, (copy) => {
      set(copy.conditions, { loop: [{ op: "inSegment", segments: ["loop"] }] });
      set(copy.segments, { loop: { rules: ["loop"] } });
      set(copy.flags, { loop: { variants: { on: true }, off: "on", rules: [["r", "loop", "on"]], serve: "on" } });
    });
    expect(checkRuleset(document)).toBe('segments "loop": op in a segment cannot be "inSegment"');
    const result = prepare(document);
    if (!result.ok) throw new Error(result.reason);
    expect(evaluate(result.ruleset, "loop", { targetingKey: "u" }, false).error?.code).toBe("GENERAL");
  });
});

describe("a publisher refuses, saying why and where", () => {
  const rule = (copy: Loose) => copy.flags?.ruled?.rules?.[0];
  const condition = (copy: Loose) => Object.values<Loose>(copy.conditions ?? {})[0]?.[0];
  const refusals: [string, RegExp, (copy: Loose) => void][] = [
    ["another schema", /^schema cannot be 3$/, (copy) => set(copy, { schema: 3 })],
    ["an unknown operator", /^conditions ".*": op cannot be "x"$/, (copy) => set(condition(copy), { op: "x" })],
    ["no operator", /op cannot be null/, (copy) => set(condition(copy), { op: null })],
    ["no values", /values cannot be "DE"/, (copy) => set(condition(copy), { values: "DE" })],
    ["an object as a value", /values cannot be {}/, (copy) => set(condition(copy), { values: [{}] })],
    ["a text to compare with <", /values cannot be "1"/, (copy) => set(condition(copy), { op: "lt", values: ["1"] })],
    ["a number to search for", /values cannot be 1/, (copy) => set(condition(copy), { op: "contains", values: [1] })],
    ["no attribute", /attribute cannot be 1/, (copy) => set(condition(copy), { attribute: 1 })],
    [
      "an unknown segment",
      /segment cannot be "s"/,
      (copy) => set(condition(copy), { op: "inSegment", segments: ["s"] }),
    ],
    ["an unknown variant served", /serve cannot be "x"/, (copy) => set(rule(copy), { 2: "x" })],
    ["an inherited name as variant", /off cannot be "toString"/, (copy) => set(copy.flags?.plain, { off: "toString" })],
    ["a rule without id", /id cannot be undefined/, (copy) => set(rule(copy), { 0: undefined })],
    ["a rule that asks nothing known", /when cannot be "x"/, (copy) => set(rule(copy), { 1: "x" })],
    ["an unknown way to serve", /seed cannot be undefined/, (copy) => set(rule(copy), { 2: { rotate: 1 } })],
    ["an unknown type", /type cannot be "date"/, (copy) => set(copy.flags?.plain, { type: "date" })],
    [
      "values of several types",
      /flags "plain": on cannot be "yes"/,
      (copy) => set(copy.flags?.plain?.variants, { on: "yes" }),
    ],
    ["on that is no boolean", /flags "plain": on cannot be "false"/, (copy) => set(copy.flags?.plain, { on: "false" })],
    ["a missing default serve", /serve cannot be undefined/, (copy) => set(copy.flags?.plain, { serve: undefined })],
    [
      "targets without ids",
      /ids cannot be undefined/,
      (copy) => set(copy.flags?.plain, { targets: [{ variant: "on" }] }),
    ],
    ["flags as a list", /flags cannot be \[\]/, (copy) => set(copy, { flags: [] })],
    ["a flag without a shape", /flags "x": it cannot be 1/, (copy) => set(copy, { flags: { x: 1 } })],
    ["an unknown audience", /audience cannot be/, (copy) => set(copy, { audience: "everyone" })],
  ];
  it.each(refusals)("%s", (_name, reason, change) => {
    expect(checkRuleset(broken(lifecycle.ruleset, change))).toMatch(reason);
  });

  const splitRefusals: [string, RegExp, object][] = [
    ["ends that decrease", /ends cannot be \[5,4,6\]/, { ends: [5, 4, 6] }],
    ["fewer ends than variants", /ends cannot be \[5,6\]/, { ends: [5, 6] }],
    ["an end past the line", /ends cannot be 4294967297/, { ends: [1, 2, 2 ** 32 + 1] }],
    ["a seed that is no number", /seed cannot be "1"/, { seed: "1" }],
    ["a negative seed", /seed cannot be -1/, { seed: -1 }],
    ["a unit attribute that is no text", /by cannot be 1/, { by: 1 }],
    ["a holdout that is not there", /holdout cannot be "h"/, { holdouts: ["h"] }],
    [
      "a slot that begins past the line",
      /share cannot be 4294967297/,
      { share: { seed: 1, start: 2 ** 32 + 1, end: 2 } },
    ],
    ["a share without an end", /share cannot be undefined/, { share: { seed: 1 } }],
    ["an experiment that is no text", /experiment cannot be 5/, { experiment: 5 }],
  ];
  it.each(splitRefusals)("a split with %s", (_name, reason, values) => {
    const document = broken(splits.ruleset, (copy) => set(copy.flags?.thirds?.serve, values));
    expect(checkRuleset(document)).toMatch(reason);
  });
});

it("any single part replaced by junk: nothing throws", () => {
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path);
    if (typeof value === "object" && value !== null) {
      for (const [key, part] of Object.entries(value)) walk(part, [...path, key]);
    }
  };
  walk(splits.ruleset, []);
  const junk = fc.constantFrom(null, undefined, 0, -1, "x", [], {}, true, [[]], { variant: {} }, { length: 1e9 });
  fc.assert(
    fc.property(fc.constantFrom(...paths), junk, (path, value) => {
      const document = broken(splits.ruleset, (copy) => {
        let at: Loose | undefined = copy;
        for (const key of path.slice(0, -1)) at = at?.[key];
        set(at, { [path.at(-1) ?? ""]: value });
      });
      const result = prepare(document);
      if (result.ok) {
        for (const key of Object.keys(splits.ruleset.flags))
          evaluate(result.ruleset, key, { targetingKey: "u" }, false);
      } else expect(result.reason).not.toBe("");
    }),
    { numRuns: 500 },
  );
});

describe("a published text", () => {
  const text = JSON.stringify(sealed(splits.ruleset as never));
  it("is intact as it is, and after being read and written again", () => {
    expect(isIntact(text)).toBe(true);
    expect(isIntact(JSON.stringify(JSON.parse(text)))).toBe(true);
    // Known to other languages: FNV-1a of the text from its 22nd character.
    expect(sealed({ schema: 2, a: "é😀" } as never)).toEqual({ digest: "1935ef48", schema: 2, a: "é😀" });
  });

  it("is damaged when anything in it is another", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("x", "0", "", "  "), (at, put) => {
        const damaged = text.slice(0, at) + put + text.slice(at + 1);
        expect(isIntact(damaged)).toBe(damaged === text);
        expect(isIntact(text.slice(0, at))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
