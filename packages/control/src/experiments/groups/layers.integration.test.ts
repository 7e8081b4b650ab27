import type { Database } from "@telltale/db";
import { evaluate, prepare } from "@telltale/evaluator";
import { readRuleset } from "@telltale/ruleset";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, openShop, system, type TestShop } from "../../fixtures.ts";
import {
  createExperiment,
  createFlag,
  createHoldout,
  createLayer,
  createMetric,
  endHoldout,
  getExperiment,
  listHoldouts,
  listLayers,
  startExperiment,
  stopExperiment,
  switchFlag,
} from "../../index.ts";

const project = "demo/shop";

describe("layers and holdouts", () => {
  let shop: TestShop;
  let database: Database;

  beforeAll(async () => {
    shop = await openShop([{ key: "production", name: "Production", critical: true }]);
    database = shop.database;
    await createMetric(database, system, {
      project,
      key: "bought",
      name: "Bought",
      definition: { kind: "conversion", source: { event: "purchase" } },
    });
    await createLayer(database, system, { project, key: "checkout", name: "Checkout", unit: "accountId" });
  });
  afterAll(() => shop.close());

  async function plan(key: string, share: number): Promise<void> {
    await createFlag(database, system, { project, key, name: key, type: "boolean" });
    await switchFlag(database, system, {
      project,
      flag: key,
      environment: "production",
      expectedRevision: 1,
      on: true,
    });
    await createExperiment(database, system, {
      project,
      key,
      name: key,
      flag: key,
      environment: "production",
      arms: [
        { variant: "off", parts: 50_000 },
        { variant: "on", parts: 50_000 },
      ],
      share,
      layer: "checkout",
      metrics: [{ key: "bought", role: "primary" }],
    });
  }
  const address = async (experiment: string) => {
    const { revision } = await getExperiment(database, system, { project, experiment });
    return { project, experiment, expectedRevision: revision };
  };
  const start = async (key: string) => startExperiment(database, system, await address(key));
  async function newest() {
    const { id } = await database.environment.findFirstOrThrow({ orderBy: { publishedVersion: "desc" } });
    const result = prepare(await readRuleset(database, id, "server"));
    if (!result.ok) throw new Error(result.reason);
    return result.ruleset;
  }
  /** The experiments that an account meets. */
  async function met(accountId: string, keys: string[]): Promise<string[]> {
    const ruleset = await newest();
    return keys.filter((key) => evaluate(ruleset, key, { accountId, targetingKey: "u" }, false).exposure);
  }
  const accounts = Array.from({ length: 400 }, (_, i) => `account-${i}`);

  it("experiments of a layer never meet the same unit, started at once and in pieces that were free", async () => {
    for (const [key, share] of [
      ["one", 40_000],
      ["two", 30_000],
      ["three", 30_000],
      ["four", 20_000],
    ] as const) {
      await plan(key, share);
    }
    await Promise.all(["one", "two", "three"].map(start));
    await expect(start("four")).rejects.toThrow(/no room for 20 %: 0 % of it is free/);
    const all = await Promise.all(accounts.map((account) => met(account, ["one", "two", "three"])));
    expect(all.every((experiments) => experiments.length === 1)).toBe(true);
    await stopExperiment(database, system, await address("two"));
    await start("four");
    const after = await Promise.all(accounts.map((account) => met(account, ["one", "two", "three", "four"])));
    expect(Math.max(...after.map(({ length }) => length))).toBe(1);
    expect(after.map((experiments) => experiments.includes("one"))).toEqual(all.map((one) => one.includes("one")));
    const [layer] = await listLayers(database, system, { project });
    expect(layer).toMatchObject({ key: "checkout", unit: "accountId", environments: [{ free: 10_000 }] });
  });

  it("a holdout keeps its units out of what starts while it is active, and only of that", async () => {
    await createHoldout(database, system, { project, key: "q4", name: "Q4", parts: 20_000, unit: "accountId" });
    const before = await Promise.all(accounts.map((account) => met(account, ["one"])));
    expect(before.filter(({ length }) => length).length).toBeGreaterThan(100);
    await stopExperiment(database, system, await address("one"));
    await plan("five", 40_000);
    await start("five");
    const held = await Promise.all(accounts.map((account) => met(account, ["five"])));
    const { owner } = await addPeople(shop);
    await endHoldout(database, owner, { project, holdout: "q4" });
    const free = await Promise.all(accounts.map((account) => met(account, ["five"])));
    const count = (all: string[][]) => all.filter(({ length }) => length).length;
    expect(count(held)).toBeGreaterThan(0);
    // About a fifth of those who would have met it.
    expect(1 - count(held) / count(free)).toBeGreaterThan(0.1);
    expect(1 - count(held) / count(free)).toBeLessThan(0.3);
    expect(await listHoldouts(database, system, { project })).toMatchObject([{ key: "q4", endedAt: expect.any(Date) }]);
    await expect(endHoldout(database, owner, { project, holdout: "q4" })).rejects.toThrow(/no active holdout "q4"/);
  });
});
