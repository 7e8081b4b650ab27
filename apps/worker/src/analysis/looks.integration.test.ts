import { createExperiment, createMetric, getExperiment, startExperiment } from "@telltale/control";
import { afterAll, beforeAll, expect, it } from "vitest";
import { day, fresh, openShop, openWorker, person, type Shop, scope, system } from "./fixtures.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** An experiment that is read once, when 400 units are in. */
async function startFixed(key: string) {
  await createMetric(shop.database, system, {
    project: scope.project,
    key: "p75",
    name: "Large purchases",
    definition: {
      kind: "quantile",
      source: { event: "purchase", where: [] },
      level: 0.75,
      per: "event",
      includeZeros: false,
    },
  });
  await createExperiment(shop.database, system, {
    ...scope,
    key,
    name: "Once",
    flag: "button",
    plannedUnits: 400,
    settings: { method: "fixed", minimumUnits: 2 },
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    metrics: [
      { key: "bought", role: "primary" },
      { key: "p75", role: "primary" },
    ],
  });
  const at = day(2, 0).toISOString();
  await startExperiment(shop.database, system, { project: scope.project, experiment: key, expectedRevision: 1, at });
}

it("a result that is read once stays while the series' steps get longer, a quantile's too", async () => {
  const key = fresh();
  await startFixed(key);
  // 20 units an hour, a third of whom buy; more of them, and for less, after the first day.
  const units = Array.from({ length: 1_000 }, (_, i) => {
    const value = i < 400 ? (i % 3 === 0 ? (i % 11) + 0.25 : undefined) : (i % 7) + 0.5;
    return person(key, `${key}-${i}`, i % 2 === 0 ? "off" : "on", day(2, Math.floor(i / 20)), value);
  });
  await shop.append(units.flat());
  const { turn } = openWorker(shop, day(7, 0));
  const read = async () => {
    const { snapshot } = await getExperiment(shop.database, system, { project: scope.project, experiment: key });
    return snapshot?.metrics.map(({ comparisons }) => comparisons.map(({ comparison }) => comparison));
  };
  await turn();
  const first = await read();
  const [bought, p75] = first ?? [];
  const sizeOf = (own: typeof bought) => own?.map(({ control, treatment }) => [control.n, treatment.n]);
  // By steps of an hour the planned units are in after 20 of them.
  expect(sizeOf(bought)).toEqual([[200, 200]]);
  expect(sizeOf(p75)).toEqual([[200, 200]]);
  expect(bought?.[0]).toMatchObject({ state: "ok", difference: { method: "fixed" } });
  expect(p75?.[0]?.difference.state).not.toBe("unknown");
  await turn(60 * 86_400_000);
  expect(await read()).toEqual(first);
});
