import { rulesetOf } from "@telltale/testing/ruleset";
import { describe, expect, it } from "vitest";
import { createWorld, ruleset, SERVER_KEY } from "../fake-world.ts";
import type { EdgeLimits } from "../limits.ts";
import { answersOf, decidableOf } from "./evaluate.ts";

const PATH = "/ofrep/v1/evaluate/flags";
const flags = Object.fromEntries(
  Array.from({ length: 80 }, (_, i) => [
    `flag-${i}`,
    {
      variants: { no: false, yes: true },
      off: "no",
      rules: [{ id: "r1", when: [{ attribute: "a", op: "contains" as const, values: [`x${i}`] }], serve: "yes" }],
      serve: "no",
    },
  ]),
);

function createOfrep(limits: Partial<EdgeLimits> = {}) {
  const world = createWorld(limits);
  world.rulesets.set("env-1/server", ruleset(7, rulesetOf(7, flags, { audience: "server" })));
  const ask = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
    world.call(`${PATH}${path}`, { method: "POST", key: SERVER_KEY, body });
  return { ...world, ask };
}

describe.each(["", "/flag-1"])("a hostile context at %j", (path) => {
  const deep = (open: string, close: string, levels: number) =>
    `{"context":{"a":${open.repeat(levels)}1${close.repeat(levels)}}}`;
  it.each([
    ["lists in lists", deep("[", "]", 5_000), "INVALID_CONTEXT"],
    ["objects in objects", deep('{"b":', "}", 5_000), "INVALID_CONTEXT"],
    ["levels that never end", "[".repeat(60_000), "INVALID_CONTEXT"],
    ["a level more than there may be", deep("[", "]", 31), "INVALID_CONTEXT"],
    ["bytes that are no UTF-8", Buffer.from([...Buffer.from('{"context":{"a":"'), 0xff, 0xfe, 0x22, 0x7d, 0x7d])],
    ["half of a character", Buffer.from([...Buffer.from('{"context":{"a":"'), 0xc3, 0x22, 0x7d, 0x7d])],
  ])("%s answers 400", async (_name, body, errorCode = "PARSE_ERROR") => {
    const answer = await createOfrep().ask(path, body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { errorCode }]);
  });

  it("as deep as it may be answers 200", async () => {
    expect((await createOfrep().ask(path, deep("[", "]", 30))).status).toBe(200);
  });
});

describe("all flags for a context of many attributes", () => {
  const decidable = () => {
    const found = decidableOf(ruleset(7, rulesetOf(7, flags, { audience: "server" })));
    if (!found) throw new Error("the fixture is no ruleset");
    return found;
  };

  it("reads each attribute of the context once, however many flags there are", () => {
    let reads = 0;
    const context = Object.defineProperty({}, "other", { enumerable: true, get: () => ++reads });
    expect([...answersOf(decidable(), "server", context)]).toHaveLength(80);
    expect(reads).toBe(1);
  });

  it("waits for its turn among the others, and is sent away where too many wait", async () => {
    const answer = await createOfrep({ pendingBatches: 0 }).ask("", '{"context":{}}');
    expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
  });
});
