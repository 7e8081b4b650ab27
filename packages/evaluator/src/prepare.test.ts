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

it.each(["flags", "segments"])("refuses %s without a shape", (field) => {
  expect(prepare({ ...splits.ruleset, [field]: { x: 1 } })).toEqual({
    ok: false,
    reason: `${field} "x": it cannot be 1`,
  });
});

it("ignores unknown fields everywhere", () => {
  const more = broken(splits.ruleset, (copy) => {
    set(copy, { novelty: 1 });
    set(copy.hints, { colour: "red" });
    for (const flag of Object.values<Loose>(copy.flags ?? {})) set(flag, { notes: ["x"] });
  });
  expect(prepare(more).ok).toBe(true);
});

describe("refuses, saying why", () => {
  const firstRule = (copy: Loose) => copy.flags?.ruled?.rules?.[0];
  const condition = (copy: Loose) => firstRule(copy)?.when?.[0];
  const refusals: [string, RegExp, (copy: Loose) => void][] = [
    ["another schema", /^schema cannot be 2$/, (copy) => set(copy, { schema: 2 })],
    ["no schema", /^schema cannot be undefined$/, (copy) => set(copy, { schema: undefined })],
    [
      "an unknown operator",
      /^flags "ruled": op cannot be "soundsLike"$/,
      (copy) => set(condition(copy), { op: "soundsLike" }),
    ],
    ["an operator in capitals", /op cannot be "IN"/, (copy) => set(condition(copy), { op: "IN" })],
    ["an inherited name as operator", /op cannot be "toString"/, (copy) => set(condition(copy), { op: "toString" })],
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
    ["an unknown variant served", /variant cannot be "x"/, (copy) => set(firstRule(copy), { serve: { variant: "x" } })],
    ["an inherited name as variant", /off cannot be "toString"/, (copy) => set(copy.flags?.plain, { off: "toString" })],
    ["a rule without id", /id cannot be undefined/, (copy) => set(firstRule(copy), { id: undefined })],
    [
      "an unknown way to serve",
      /variant cannot be undefined/,
      (copy) => set(firstRule(copy), { serve: { rotate: 1 } }),
    ],
    ["an unknown type", /type cannot be "date"/, (copy) => set(copy.flags?.plain, { type: "date" })],
    ["a type that is a list", /type cannot be \["boolean"\]/, (copy) => set(copy.flags?.plain, { type: ["boolean"] })],
    [
      "a value of another type",
      /flags "plain": on cannot be "yes"/,
      (copy) => set(copy.flags?.plain?.variants, { on: "yes" }),
    ],
    ["on that is no boolean", /flags "plain": on cannot be "false"/, (copy) => set(copy.flags?.plain, { on: "false" })],
    ["a missing default serve", /variant cannot be undefined/, (copy) => set(copy.flags?.plain, { serve: {} })],
    [
      "targets without ids",
      /ids cannot be undefined/,
      (copy) => set(copy.flags?.plain, { targets: [{ variant: "on" }] }),
    ],
    ["flags as a list", /flags cannot be \[\]/, (copy) => set(copy, { flags: [] })],
    ["no segments", /segments cannot be undefined/, (copy) => set(copy, { segments: undefined })],
    ["no hints", /hints cannot be null/, (copy) => set(copy, { hints: null })],
    ["a version that is no number", /version cannot be "7"/, (copy) => set(copy, { version: "7" })],
    ["an unknown audience", /audience cannot be/, (copy) => set(copy, { audience: "everyone" })],
  ];
  it.each(refusals)("%s", (_name, reason, change) => {
    expect(prepare(broken(lifecycle.ruleset, change))).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  const splitOf = (copy: Loose) => copy.flags?.thirds?.serve?.split;
  const splitRefusals: [string, RegExp, object][] = [
    ["ends that decrease", /ends cannot be \[5,4,6\]/, { ends: [5, 4, 6] }],
    ["fewer ends than variants", /ends cannot be \[5,6\]/, { ends: [5, 6] }],
    ["an end past the line", /ends cannot be 4294967297/, { ends: [1, 2, 2 ** 32 + 1] }],
    ["a seed that is no number", /seed cannot be "1"/, { seed: "1" }],
    ["a negative seed", /seed cannot be -1/, { seed: -1 }],
    ["no unit attribute", /by cannot be undefined/, { by: undefined }],
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
    const document = broken(splits.ruleset, (copy) => set(splitOf(copy), values));
    expect(prepare(document)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it("segments that refer to segments", () => {
    const document = broken(segments.ruleset, (copy) =>
      set(copy.segments?.nobody, { rules: [[{ op: "inSegment", segments: ["crew"] }]] }),
    );
    expect(prepare(document)).toEqual({ ok: false, reason: 'segments "nobody": segment cannot be "crew"' });
  });

  it("anything else at all, without throwing", () => {
    fc.assert(
      fc.property(fc.anything(), (document) => {
        expect(prepare(document).ok).toBe(false);
      }),
    );
    const loop: Record<string, unknown> = { ...lifecycle.ruleset };
    loop.flags = { f: { ...lifecycle.ruleset.flags.plain, type: "json", variants: { off: loop, on: 1 } } };
    const result = prepare(loop);
    if (result.ok) expect(evaluate(result.ruleset, "f", {}, null)).toBeTypeOf("object");
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
