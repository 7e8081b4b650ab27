import type { ConfigServe, FlagConfiguration } from "@telltale/configuration";
import { checkRuleset, evaluate, isIntact, prepare } from "@telltale/evaluator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "./compile.ts";
import type { EnvironmentSource, FlagSource } from "./environment-source.ts";

const config: FlagConfiguration = { on: true, off: "off", targets: [], rules: [], serve: { variant: "on" } };
const flag = (key: string, parts: Partial<FlagSource> = {}): FlagSource => ({
  key,
  type: "boolean",
  visibility: "client",
  archived: false,
  variants: [
    { key: "on", value: true },
    { key: "off", value: false },
  ],
  config,
  ...parts,
});
const source = (flags: FlagSource[], segments: EnvironmentSource["segments"] = []): EnvironmentSource => ({
  environment: "shop/production",
  critical: true,
  flags,
  segments,
  holdouts: [],
  watched: [],
});
const rollout = (parts: number): ConfigServe => ({
  split: {
    by: "targetingKey",
    salt: "salt",
    weights: [
      { variant: "on", parts },
      { variant: "off", parts: 100_000 - parts },
    ],
  },
});
const prepared = (document: unknown) => {
  const answer = prepare(document);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.ruleset;
};

describe("compile", () => {
  it("makes what the evaluator accepts, and the same bytes from the same source", () => {
    const a = compile(source([flag("a"), flag("b")]), "server", 1);
    expect(JSON.stringify(compile(source([flag("b"), flag("a")]), "server", 1))).toBe(JSON.stringify(a));
    expect(compile(source([flag("a")]), "server", 1).digest).not.toBe(a.digest);
    expect([checkRuleset(a), isIntact(JSON.stringify(a))]).toEqual([undefined, true]);
    expect(evaluate(prepared(a), "a", { targetingKey: "u" }, false)).toMatchObject({ value: true, version: 1 });
  });

  it("names the flags that are watched, to clients those that they see, and has what is observed sent at once", () => {
    const watch = { by: "targetingKey", above: { latency: 500 } };
    const watched = (["client", "server"] as const).map((visibility) => ({ flag: visibility, visibility, watch }));
    const one = { ...source([flag("client")]), watched };
    expect(compile(one, "server", 1).hints).toMatchObject({
      fastLane: true,
      watched: { client: watch, server: watch },
    });
    expect(compile(one, "client", 1).hints.watched).toEqual({ client: watch });
    const hidden = compile({ ...one, watched: watched.slice(1) }, "client", 1);
    expect([hidden.hints.fastLane, hidden.hints.watched]).toEqual([false, undefined]);
    for (const audience of ["server", "client"] as const) {
      expect(checkRuleset(compile(one, audience, 1))).toBeUndefined();
    }
  });

  it("leaves flags that clients may not see out of their ruleset", () => {
    const flags = [flag("open"), flag("remote", { visibility: "edge" }), flag("secret", { visibility: "server" })];
    expect(compile(source(flags), "client", 1).flags).toEqual({
      open: expect.not.objectContaining({ visibility: "client" }),
    });
    const { flags: all } = compile(source(flags), "server", 1);
    expect(Object.entries(all).map(([key, { visibility }]) => [key, visibility])).toEqual([
      ["open", "client"],
      ["remote", "edge"],
      ["secret", undefined],
    ]);
  });

  it("carries no listed id in clear to clients, and decides the same for them", () => {
    const rules: FlagConfiguration["rules"] = [
      { id: "list", when: [{ attribute: "email", op: "in", values: ["ana@example.com"] }], serve: { variant: "on" } },
      { id: "segment", when: [{ op: "inSegment", segments: ["crew"] }], serve: { variant: "on" } },
    ];
    const guarded = flag("guarded", {
      config: { ...config, targets: [{ variant: "on", ids: ["user-77"] }], rules, serve: { variant: "off" } },
    });
    const segments = [{ key: "crew", definition: { included: ["sailor-5"], excluded: [], rules: [] } }];
    const server = compile(source([guarded], segments), "server", 1);
    const client = compile(source([guarded], segments), "client", 1);
    for (const secret of ["ana@example.com", "user-77", "sailor-5"]) {
      expect(JSON.stringify(server)).toContain(secret);
      expect(JSON.stringify(client)).not.toContain(secret);
    }
    const contexts = [
      { targetingKey: "user-77" },
      { targetingKey: "sailor-5" },
      { targetingKey: "x", email: "ana@example.com" },
      { targetingKey: "x" },
    ];
    const decide = (document: unknown) =>
      contexts.map((context) => evaluate(prepared(document), "guarded", context, false).value);
    expect(decide(server)).toEqual([true, true, true, false]);
    expect(decide(client)).toEqual(decide(server));
  });

  it("carries only the segments that are used", () => {
    const segments = [{ key: "crew", definition: { included: ["a"], excluded: [], rules: [] } }];
    expect(compile(source([flag("a")], segments), "server", 1).segments).toEqual({});
  });

  it("keeps everyone who was in when a rollout grows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.string(),
        (a, b, unit) => {
          const [small, large] = a < b ? [a, b] : [b, a];
          const serve = (parts: number) =>
            evaluate(
              prepared(compile(source([flag("f", { config: { ...config, serve: rollout(parts) } })]), "server", 1)),
              "f",
              { targetingKey: unit },
              false,
            ).value;
          return !serve(small) || serve(large);
        },
      ),
      { numRuns: 200 },
    );
  });
});
