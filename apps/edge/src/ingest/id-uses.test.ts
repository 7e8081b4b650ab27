import type { TelltaleEvent } from "@telltale/evaluator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorld, exposure, track } from "../fake-world.ts";
import { IdUses } from "./id-uses.ts";

const ENVIRONMENT = "env-1";
const tracked = (id: string, units: Record<string, string>, name = "purchase"): TelltaleEvent => ({
  type: "track",
  id,
  time: "2026-11-23T11:59:30.000Z",
  name,
  units,
});
const exposed = (id: string, unit: string, more: object = {}): TelltaleEvent => ({
  type: "exposure",
  id,
  time: "2026-11-23T11:59:30.000Z",
  experiment: "button",
  flag: "button",
  variant: "on",
  unit,
  by: "targetingKey",
  version: 1,
  ...more,
});

describe("an id", () => {
  it("may come again with its unit, and not with another", () => {
    const uses = new IdUses();
    expect(uses.take(ENVIRONMENT, exposed("a", "u-1"))).toBe(true);
    expect(uses.take(ENVIRONMENT, exposed("a", "u-2"))).toBe(false);
    expect(uses.take(ENVIRONMENT, exposed("a", "u-1"))).toBe(true);
  });

  it.each<[string, TelltaleEvent]>([
    ["another environment's", exposed("a", "u-2")],
    ["another experiment's", exposed("a", "u-2", { experiment: "other" })],
    ["another kind of unit's", exposed("a", "u-2", { by: "accountId" })],
    ["another type's", tracked("a", { targetingKey: "u-2" }, "button")],
  ])("is not the same as %s", (name, event) => {
    const uses = new IdUses();
    uses.take(ENVIRONMENT, exposed("a", "u-1"));
    expect(uses.take(name.includes("environment") ? "env-2" : ENVIRONMENT, event)).toBe(true);
  });

  it("is told apart by each unit of an event, all of which or none are remembered", () => {
    const uses = new IdUses();
    expect(uses.take(ENVIRONMENT, tracked("a", { targetingKey: "u-1" }))).toBe(true);
    expect(uses.take(ENVIRONMENT, tracked("a", { accountId: "a-1", targetingKey: "u-2" }))).toBe(false);
    expect(uses.take(ENVIRONMENT, tracked("a", { accountId: "a-2", targetingKey: "u-1" }))).toBe(true);
    expect(uses.take(ENVIRONMENT, tracked("a", { accountId: "a-1" }))).toBe(false);
    expect(uses.take(ENVIRONMENT, tracked("a", { targetingKey: "u-2" }, "shipped"))).toBe(true);
    expect(uses.take("env-2", tracked("a", { targetingKey: "u-2" }))).toBe(true);
  });

  it("is not taken for another, of as many as are remembered", () => {
    const uses = new IdUses();
    const events = Array.from({ length: 200_000 }, (_, i) => tracked(`order-${i}`, { targetingKey: `u-${i % 7}` }));
    expect(events.filter((event) => !uses.take(ENVIRONMENT, event))).toEqual([]);
    expect(uses.take(ENVIRONMENT, tracked("order-199999", { targetingKey: "u-8" }))).toBe(false);
  });

  it("is never refused with the first unit that it came with, however little is remembered", () => {
    const draw = fc.tuple(fc.nat(200), fc.nat(3));
    fc.assert(
      fc.property(fc.array(draw, { maxLength: 400 }), fc.constantFrom(1, 16, 1_024), (draws, slots) => {
        const uses = new IdUses({ slots });
        const units = new Map<number, number>();
        for (const [id, unit] of draws) {
          const own = units.get(id) ?? unit;
          units.set(id, own);
          expect(uses.take(ENVIRONMENT, tracked(`id-${id}`, { targetingKey: `u-${own}` }))).toBe(true);
        }
      }),
    );
  });
});

describe("POST /v1/events", () => {
  it("refuses an id that came with another unit, keeps the others and counts it", async () => {
    const world = createWorld();
    await world.post({ events: [exposure({ id: "a", unit: "u-1" }), track({ id: "b" })] });
    const answer = await world.post({
      events: [track({ id: "b" }), exposure({ id: "a", unit: "u-2" }), exposure({ id: "c", unit: "u-2" })],
    });
    expect(await answer.json()).toEqual({
      accepted: 2,
      refused: [{ index: 1, id: "a", reason: expect.stringContaining("another unit") }],
    });
    expect(world.stored.map(({ id, unit }) => [id, unit])).toEqual([
      ["a", "u-1"],
      ["b", "u-42"],
      ["c", "u-2"],
      ["b", "u-42"],
    ]);
    expect(await (await world.call("/metrics")).text()).toContain("telltale_edge_reused_ids_total 1\n");
  });
});
