import fc from "fast-check";
import { describe, expect, it } from "vitest";
import lifecycle from "../cases/lifecycle.json";
import segments from "../cases/segments.json";
import splits from "../cases/splits.json";
import { evaluate, prepare } from "./index.ts";

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

it("keeps what the SDK needs to know", () => {
  const result = prepare(splits.ruleset);
  expect(result).toMatchObject({
    ok: true,
    ruleset: { version: 7, environment: "cases/test", audience: "server", attributes: ["targetingKey", "accountId"] },
  });
  if (!result.ok) return;
  expect(result.ruleset.flagKeys()).toEqual(Object.keys(splits.ruleset.flags));
  expect(result.ruleset.flagType("thirds")).toBe("string");
  expect(result.ruleset.flagType("toString")).toBeUndefined();
});

it("ignores unknown fields everywhere", () => {
  const more = broken(splits.ruleset, (copy) => {
    set(copy, { novelty: 1 });
    set(copy.hints, { colour: "red" });
    for (const flag of Object.values<Loose>(copy.flags ?? {})) set(flag, { notes: ["x"] });
  });
  expect(prepare(more).ok).toBe(true);
});

it("is not changed by changing the document afterwards", () => {
  const document = broken(splits.ruleset, () => {}) as Loose;
  const result = prepare(document);
  set(document.flags?.thirds?.variants, { a: "changed", b: "changed", c: "changed" });
  if (!result.ok) throw new Error(result.reason);
  expect(evaluate(result.ruleset, "thirds", { targetingKey: "u-1" }, "").value).not.toBe("changed");
});

describe("refuses, saying why", () => {
  const firstRule = (copy: Loose) => copy.flags?.ruled?.rules?.[0];
  const condition = (copy: Loose) => firstRule(copy)?.when?.[0];
  const refusals: [string, RegExp, (copy: Loose) => void][] = [
    ["another schema", /schema 1, got 2: update the SDK/, (copy) => set(copy, { schema: 2 })],
    ["no schema", /schema 1, got undefined/, (copy) => set(copy, { schema: undefined })],
    [
      "an unknown operator",
      /flag "ruled": unknown operator "matches"/,
      (copy) => set(condition(copy), { op: "matches" }),
    ],
    ["no operator", /flag "ruled": op must be a string/, (copy) => set(condition(copy), { op: null })],
    ["no values", /values of "in" must be a list/, (copy) => set(condition(copy), { values: "DE" })],
    ["an object as a value", /each of values must be a string/, (copy) => set(condition(copy), { values: [{}] })],
    ["a text to compare with <", /must be a number/, (copy) => set(condition(copy), { op: "lt", values: ["1"] })],
    ["a number to search for", /must be a string/, (copy) => set(condition(copy), { op: "contains", values: [1] })],
    ["no attribute", /attribute of "in" must be/, (copy) => set(condition(copy), { attribute: 1 })],
    ["an unknown segment", /unknown segment "s"/, (copy) => set(condition(copy), { op: "inSegment", segments: ["s"] })],
    ["an unknown variant served", /unknown variant "x"/, (copy) => set(firstRule(copy), { serve: { variant: "x" } })],
    ["an inherited name as variant", /unknown variant/, (copy) => set(copy.flags?.plain, { off: "toString" })],
    ["a rule without id", /rule's id/, (copy) => set(firstRule(copy), { id: undefined })],
    ["an unknown way to serve", /served variant/, (copy) => set(firstRule(copy), { serve: { rotate: 1 } })],
    ["an unknown type", /unknown type "date"/, (copy) => set(copy.flags?.plain, { type: "date" })],
    [
      "a value of another type",
      /variant "on" is not a boolean/,
      (copy) => set(copy.flags?.plain?.variants, { on: "yes" }),
    ],
    ["on that is no boolean", /on must be true or false/, (copy) => set(copy.flags?.plain, { on: "false" })],
    ["a missing default serve", /serve must be an object/, (copy) => set(copy.flags?.plain, { serve: undefined })],
    ["targets without ids", /list of ids/, (copy) => set(copy.flags?.plain, { targets: [{ variant: "on" }] })],
    ["flags as a list", /flags must be an object/, (copy) => set(copy, { flags: [] })],
    ["no segments", /segments must be an object/, (copy) => set(copy, { segments: undefined })],
    ["no hints", /hints must be an object/, (copy) => set(copy, { hints: null })],
    ["a version that is no number", /version must be/, (copy) => set(copy, { version: "7" })],
    ["an unknown audience", /audience must be/, (copy) => set(copy, { audience: "everyone" })],
    [
      "a prerequisite on itself",
      /circle: plain → plain/,
      (copy) => set(copy.flags?.plain, { prerequisites: [{ flag: "plain", variants: ["on"] }] }),
    ],
    [
      "prerequisites in a circle",
      /circle: plain → off → ruled → plain/,
      (copy) => {
        set(copy.flags?.plain, { prerequisites: [{ flag: "off", variants: ["on"] }] });
        set(copy.flags?.off, { prerequisites: [{ flag: "ruled", variants: ["on"] }] });
        set(copy.flags?.ruled, { prerequisites: [{ flag: "plain", variants: ["on"] }] });
      },
    ],
  ];
  it.each(refusals)("%s", (_name, reason, change) => {
    expect(prepare(broken(lifecycle.ruleset, change))).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  const splitOf = (copy: Loose) => copy.flags?.thirds?.serve?.split;
  const splitRefusals: [string, RegExp, object][] = [
    ["ends that decrease", /must not decrease/, { ends: [5, 4, 6] }],
    ["fewer ends than variants", /one end for each/, { ends: [5, 6] }],
    ["an end past the line", /ends must be/, { ends: [1, 2, 2 ** 32 + 1] }],
    ["a seed that is no uint32", /seed must be/, { seed: 2 ** 32 }],
    ["a negative seed", /seed must be/, { seed: -1 }],
    ["no unit attribute", /split's by/, { by: undefined }],
    ["a share without an end", /share's end/, { share: { seed: 1 } }],
    ["an experiment that is no text", /experiment/, { experiment: 5 }],
  ];
  it.each(splitRefusals)("a split with %s", (_name, reason, values) => {
    const document = broken(splits.ruleset, (copy) => set(splitOf(copy), values));
    expect(prepare(document)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it("segments that refer to segments", () => {
    const document = broken(segments.ruleset, (copy) =>
      set(copy.segments?.nobody, { rules: [[{ op: "inSegment", segments: ["crew"] }]] }),
    );
    expect(prepare(document)).toEqual({ ok: false, reason: 'unknown segment "crew"' });
  });

  it("anything else at all, without throwing", () => {
    fc.assert(
      fc.property(fc.anything(), (document) => {
        expect(prepare(document).ok).toBe(false);
      }),
    );
    const loop: Record<string, unknown> = { ...lifecycle.ruleset };
    loop.flags = { f: { ...lifecycle.ruleset.flags.plain, type: "json", variants: { off: loop, on: 1 } } };
    expect(prepare(loop).ok).toBe(false);
  });

  it("any single part replaced by junk, without throwing", () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value === "object" && value !== null) {
        for (const [key, part] of Object.entries(value)) walk(part, [...path, key]);
      }
    };
    walk(splits.ruleset, []);
    const junk = fc.constantFrom(null, undefined, 0, -1, "x", [], {}, true, [[]], { variant: {} });
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, (path, value) => {
        const document = broken(splits.ruleset, (copy) => {
          let at: Loose | undefined = copy;
          for (const key of path.slice(0, -1)) at = at?.[key];
          set(at, { [path.at(-1) ?? ""]: value });
        });
        const result = prepare(document);
        if (result.ok) for (const key of result.ruleset.flagKeys()) evaluate(result.ruleset, key, {}, false);
        else expect(result.reason).not.toBe("");
      }),
    );
  });
});
