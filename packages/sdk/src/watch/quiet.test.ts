import { REPORT_UNITS } from "@telltale/evaluator/sketch";
import { describe, expect, it } from "vitest";
import { byUser, ON, rulesetWith, start } from "./fakes.ts";
import { withWatch } from "./index.ts";

describe("watching does not disturb what is watched", () => {
  it("keeps within bounds: a report samples its units, names and metrics are limited", async () => {
    const { client, reported, events } = start(rulesetWith({ calm: { by: "targetingKey" } }));
    for (let i = 0; i < 10_000; i++) {
      client.for({ targetingKey: `u-${i}` }).value("calm", false);
      client.observe("error");
    }
    for (let i = 0; i < 1_000; i++) client.observe(`metric-${i}`, i);
    for (const name of ["", "m".repeat(129), "exposed", 7, null, undefined]) client.observe(name as string);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "7"]) client.observe("error", value as number);
    await client.flush();
    for (const metric of ["exposed", "error"]) {
      const [report, ...others] = reported(metric);
      expect([report?.count, others]).toEqual([10_000, []]);
      expect(report?.units?.length).toBeLessThanOrEqual(REPORT_UNITS);
      const estimate = (report?.units?.length ?? 0) * 2 ** (report?.halvings ?? 0);
      expect(estimate).toBeGreaterThan(5_000);
      expect(estimate).toBeLessThan(20_000);
    }
    expect(events("observations")).toHaveLength(500);
    await client.close();
  });

  it("throws nothing: at strange contexts, hints and times", async () => {
    const strange: unknown[] = [
      { f: 7 },
      { f: null },
      { f: { by: 7 } },
      { f: { by: "targetingKey", above: 3 } },
      7,
      "f",
    ];
    for (const watched of strange) {
      const { client, errors } = start(rulesetWith(watched as never));
      expect(client.for({ targetingKey: ON }).value("f", false)).toBe(true);
      client.observe("error");
      await client.close();
      expect(errors).toEqual([]);
    }
    const { client, reported } = start();
    const trap = Object.defineProperty({}, "targetingKey", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    client.for(trap).value("f", false);
    client.for(null as never).value("f", false);
    await client.close();
    client.for({ targetingKey: ON }).value("f", false);
    client.observe("error");
    await client.flush();
    expect(reported("exposed")).toEqual([]);
  });

  it("knows a unit by what the context was, whatever becomes of it", async () => {
    const { client, reported } = start();
    const context = { targetingKey: ON };
    const me = client.for(context);
    context.targetingKey = "somebody else";
    me.value("f", false);
    await client.flush();
    expect(reported("exposed", ON)).toMatchObject([{ units: [ON] }]);
    await client.close();
  });

  it("keeps what it could not report: a worker has no random ids before its first request", async () => {
    const { plain, reported } = start();
    let isEarly = true;
    const client = withWatch({
      ...plain,
      report(event) {
        if (isEarly) throw new Error("not now");
        return plain.report(event);
      },
    });
    client.for({ targetingKey: ON }).value("f", false);
    client.observe("error");
    await client.flush();
    isEarly = false;
    await client.flush();
    expect([...reported("exposed", ON), ...reported("error", ON)]).toMatchObject([{ units: [ON] }, { units: [ON] }]);
    await client.close();
  });

  it("is told that an older edge refuses what it does not know, and does not send it again", async () => {
    const { client, edge } = start();
    edge.answer("/v1/events", ({ body }) => {
      const { events } = JSON.parse(body) as { events: { type: string }[] };
      const refused = events.flatMap(({ type }, index) => (type === "observations" ? [{ index, reason: "type" }] : []));
      return Response.json({ accepted: events.length - refused.length, refused });
    });
    client.for({ targetingKey: ON }).value("f", false);
    await client.flush();
    await client.flush();
    expect(client.status()).toMatchObject({ queued: 0, acknowledged: 1, refused: 1 });
    expect(edge.to("/v1/events")).toHaveLength(1);
    await client.close();
  });

  it("records nothing where nothing is recorded", async () => {
    const { client, events } = start(rulesetWith(byUser), { events: false });
    client.for({ targetingKey: ON }).value("f", false);
    await client.close();
    expect(events("observations")).toEqual([]);
  });
});
