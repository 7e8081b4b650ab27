import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import schema from "../ruleset.schema.json";
import { prepare, type Ruleset } from "./index.ts";

const conforms = new Ajv2020({ allowUnionTypes: true, strictRequired: false }).compile<Ruleset>(schema);
const files = Object.entries(
  import.meta.glob<{ ruleset: Ruleset }>("../cases/*.json", { eager: true, import: "default" }),
);

describe("ruleset.schema.json", () => {
  it.each(files)("accepts the ruleset of %s, unknown fields included", (_path, { ruleset }) => {
    conforms(ruleset);
    expect(conforms.errors).toBeNull();
    expect(conforms({ ...ruleset, novelty: { any: 1 } })).toBe(true);
  });

  const good = files[0]?.[1].ruleset as Ruleset;
  const flag = good.flags.plain;
  const rules = (condition: unknown) => ({
    flags: { f: { ...flag, rules: [{ id: "r", when: [condition], serve: { variant: "on" } }] } },
  });
  const bad: [string, object][] = [
    ["another schema number", { schema: 2 }],
    ["an unknown operator", rules({ attribute: "a", op: "soundsLike", values: ["x"] })],
    ["text for <", rules({ attribute: "a", op: "lt", values: ["1"] })],
    ["a condition without values", rules({ attribute: "a", op: "in" })],
    ["an unknown type", { flags: { f: { ...flag, type: "date" } } }],
    ["a value of another type", { flags: { f: { ...flag, variants: { on: "yes", off: false } } } }],
    ["an unknown way to serve", { flags: { f: { ...flag, serve: { rotate: 1 } } } }],
    [
      "an end past the line",
      {
        flags: {
          f: { ...flag, serve: { split: { by: "targetingKey", seed: 1, ends: [2 ** 32 + 1], variants: ["on"] } } },
        },
      },
    ],
    ["no segments", { segments: undefined }],
    [
      "a segment in a segment",
      { segments: { s: { rules: [[{ op: "inSegment", segments: ["t"] }]] }, t: { rules: [] } } },
    ],
  ];
  it.each(bad)("refuses %s, as the evaluator does", (_name, change) => {
    const document = { ...good, ...change };
    expect(conforms(document)).toBe(false);
    expect(prepare(document).ok).toBe(false);
  });
});
