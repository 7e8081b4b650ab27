import type { ExposureEvent } from "@telltale/evaluator";
import { describe, expect, it } from "vitest";
import { startClient } from "./fakes.ts";
import type { EvaluationContext } from "./index.ts";

describe("exposures", () => {
  it("are sent once a unit, experiment and variant, with id and time", async () => {
    const { client, events, me } = startClient();
    const { variant = "" } = me.evaluate("x", false);
    me.value("x", false);
    client.for({ targetingKey: "u-1" }).value("x", false);
    client.for({ targetingKey: "u-2" }).value("x", false);
    me.value("f", false);
    await client.flush();
    expect(events("exposure")).toHaveLength(2);
    expect(events("exposure")[0]).toEqual({
      type: "exposure",
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      time: "2026-11-23T12:00:00.000Z",
      experiment: "lab",
      flag: "x",
      variant,
      unit: "u-1",
      by: "targetingKey",
      version: 7,
    } satisfies ExposureEvent);
    await client.close();
  });

  it("that were dropped are sent when there is room", async () => {
    const { client, events, me } = startClient({ maxQueue: 2 });
    me.track("fill");
    me.track("fill");
    me.value("x", false);
    expect(client.status()).toMatchObject({ queued: 2, dropped: 1 });
    await client.flush();
    me.value("x", false);
    await client.flush();
    expect(events("exposure")).toHaveLength(1);
    await client.close();
  });
});

it("counts evaluations, and sends them as one event a flag, variant, rule and version", async () => {
  const { client, events, me, clock } = startClient();
  for (let i = 0; i < 5; i++) me.value("f", false);
  me.value("typo", false);
  client.for({ plan: "pro" }).value("typo", false);
  client.for({ plan: "pro" }).value("typo", false);
  me.value("missing", false);
  me.value("f", "wrong type");
  await clock.advance(10_000);
  expect(events("evaluations").map(({ id, time, ...rest }) => rest)).toEqual([
    { type: "evaluations", flag: "f", variant: "on", rule: "", reason: "STATIC", version: 7, count: 5 },
    { type: "evaluations", flag: "typo", variant: "off", rule: "", reason: "DEFAULT", version: 7, count: 1 },
    { type: "evaluations", flag: "typo", variant: "on", rule: "r1", reason: "TARGETING_MATCH", version: 7, count: 2 },
  ]);
  me.value("f", false);
  await clock.advance(10_000);
  expect(events("evaluations").at(-1)).toMatchObject({ flag: "f", count: 1 });
  await client.close();
});

describe("track", () => {
  it("carries every unit of the context", async () => {
    const { client, events, me } = startClient();
    me.track("purchase", { value: 42.5, properties: { items: [1, { deep: null }] } });
    me.track("seen");
    await client.flush();
    const [purchase, seen] = events("track");
    expect(purchase).toMatchObject({
      name: "purchase",
      units: { targetingKey: "u-1", accountId: "42" },
      value: 42.5,
      properties: { items: [1, { deep: null }] },
    });
    expect(Object.keys(seen ?? {}).sort()).toEqual(["id", "name", "time", "type", "units"]);
    await client.close();
  });

  it("copies the properties", async () => {
    const { client, events, me } = startClient();
    const properties = { page: "cart" };
    me.track("seen", { properties });
    properties.page = "changed";
    await client.flush();
    expect(events("track")[0]?.properties).toEqual({ page: "cart" });
    await client.close();
  });

  it.each<[string, object, unknown, unknown?]>([
    ["no unit", {}, undefined],
    ["a value that is no number", { targetingKey: "u" }, { value: Number.NaN }],
    ["a name that is no text", { targetingKey: "u" }, undefined, Symbol("purchase")],
    ["an infinite value", { targetingKey: "u" }, { value: Infinity }],
    ["properties that are no JSON", { targetingKey: "u" }, { properties: { n: 1n } }],
  ])("ignores and tells: %s", async (_name, context, details, name = "purchase") => {
    const { client, errors, events } = startClient();
    client.for(context as EvaluationContext).track(name as string, details as never);
    await client.flush();
    expect(errors).toEqual([
      expect.stringContaining(`track(${typeof name === "string" ? `"${name}"` : typeof name}) was ignored`),
    ]);
    expect(events("track")).toEqual([]);
    await client.close();
  });
});
