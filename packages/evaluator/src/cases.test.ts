import { describe, expect, it } from "vitest";
import type { ErrorCode, Evaluation, EvaluationContext, JsonValue, Ruleset } from "./index.ts";
import { checkRuleset, evaluate, type Prepared, prepare } from "./index.ts";

/** cases/*.json are the specification: an SDK in any language must pass them. */
interface CaseFile {
  ruleset: Ruleset;
  cases: {
    name: string;
    flag: string;
    context: EvaluationContext;
    fallback: JsonValue;
    expect: Omit<Evaluation, "version" | "error"> & { error?: ErrorCode };
  }[];
}

declare global {
  interface ImportMeta {
    glob<T>(pattern: string, options: { eager: true; import: "default" }): Record<string, T>;
  }
}

const files = Object.entries(import.meta.glob<CaseFile>("../cases/*.json", { eager: true, import: "default" }));

function prepared(document: unknown): Prepared {
  const result = prepare(document);
  if (!result.ok) throw new Error(result.reason);
  return result.ruleset;
}

it("has a case file for every area", () => {
  expect(files.map(([path]) => path.replace(/.*\/|\.json/g, "")).sort()).toEqual([
    "holdouts",
    "lifecycle",
    "operators-hashed",
    "operators-list",
    "operators-network",
    "operators-number",
    "operators-pattern",
    "operators-presence",
    "operators-set",
    "operators-text",
    "operators-time",
    "operators-version",
    "prerequisites",
    "prerequisites-circles",
    "segments",
    "segments-hashed",
    "shares",
    "slots",
    "splits",
    "targets",
    "targets-hashed",
    "types",
  ]);
});

describe.each(files)("%s", (_path, { ruleset, cases }) => {
  const usable = prepared(ruleset);
  it("is well formed", () => expect(checkRuleset(ruleset)).toBeUndefined());
  it.each(cases)("$name", ({ flag, context, fallback, expect: wanted }) => {
    const { version, error, ...rest } = evaluate(usable, flag, context, fallback);
    expect({ ...rest, ...(error && { error: error.code }) }).toEqual(wanted);
    expect(version).toBe(ruleset.version);
  });
});
