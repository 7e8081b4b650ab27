import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import schema from "../ruleset.schema.json";
import { checkRuleset, type Ruleset } from "./index.ts";

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

  const good = files.find(([path]) => path.includes("lifecycle"))?.[1].ruleset as Ruleset;
  const flag = good.flags.plain;
  const asking = (condition: unknown) => ({ conditions: { ...good.conditions, x: [condition] } });
  const watching = (watched: unknown) => ({ hints: { ...good.hints, watched } });
  it("accepts flags that are watched, as a publisher does", () => {
    const watched = { plain: { by: "targetingKey" }, f: { by: "accountId", above: { latency: 300.5 } } };
    expect(conforms({ ...good, ...watching(watched) })).toBe(true);
    expect(checkRuleset({ ...good, ...watching(watched) })).toBeUndefined();
  });

  const bad: [string, object][] = [
    ["another schema number", { schema: 3 }],
    ["an unknown operator", asking({ attribute: "a", op: "soundsLike", values: ["x"] })],
    ["text for <", asking({ attribute: "a", op: "lt", values: ["1"] })],
    ["a condition without values", asking({ attribute: "a", op: "in" })],
    ["conditions that ask nothing", { conditions: { ...good.conditions, x: [] } }],
    ["an unknown type", { flags: { f: { ...flag, type: "date" } } }],
    ["values of several types", { flags: { f: { ...flag, variants: { on: "yes", off: false } } } }],
    ["an object where no type says so", { flags: { f: { ...flag, variants: { on: {}, off: {} } } } }],
    ["an unknown way to serve", { flags: { f: { ...flag, serve: { rotate: 1 } } } }],
    ["a rule that serves nothing", { flags: { f: { ...flag, rules: [["r", ""]] } } }],
    ["a rule that is an object", { flags: { f: { ...flag, rules: [{ id: "r", when: "", serve: "on" }] } } }],
    ["an end past the line", { flags: { f: { ...flag, serve: { seed: 1, ends: [2 ** 32 + 1], variants: ["on"] } } } }],
    ["no segments", { segments: undefined }],
    ["watched flags without a unit", watching({ f: {} })],
    ["a threshold that is a text", watching({ f: { by: "targetingKey", above: { latency: "300" } } })],
  ];
  it.each(bad)("refuses %s, as a publisher does", (_name, change) => {
    const document = { ...good, ...change };
    expect(conforms(document)).toBe(false);
    expect(checkRuleset(document)).not.toBeUndefined();
  });
});
