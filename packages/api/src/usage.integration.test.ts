import { randomUUID } from "node:crypto";
import { createFlag, createProject, ensureOrganisation, setMemberRole } from "@telltale/control";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackend, type TestBackend } from "./fixtures.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const production = { project: "demo/shop", environment: "production" };
/** One moment for all events, so that none of them falls into a neighbouring minute. */
const nowMs = Date.now();
const banner = { ...production, flag: "banner" };
let shop: TestBackend;
let viewer: string;
let environmentId: string;
beforeAll(async () => {
  shop = await openTestBackend();
  viewer = (await shop.signIn("viewer")).cookie;
  environmentId = (await shop.database.environment.findFirstOrThrow({ where: { key: "production" } })).id;
});
afterAll(() => shop?.close());

/** Stores an evaluation of the flag `banner`, so long ago. */
async function evaluated(
  agoMs: number,
  more: { rule?: string; reason?: string; variant?: string; count?: number } = {},
  where = environmentId,
) {
  const at = new Date(nowMs - agoMs);
  const plain = { variant: "on", rule: "", reason: "DEFAULT", version: 1, count: 1 };
  const event = {
    type: "evaluations",
    id: randomUUID(),
    time: at.toISOString(),
    flag: "banner",
    ...plain,
    ...more,
  } as const;
  await shop.store.append({ environmentId: where }, [event], at);
}

const usage = async (window: "hour" | "day") => (await shop.call(viewer, "flag.usage", { ...banner, window })).data;

describe("usage over HTTP", () => {
  it("is for members of the project, and says what is empty", async () => {
    const outsider = (await shop.signIn("outsider")).cookie;
    const procedures = [
      ["flag.usage", { ...banner, window: "hour" }],
      ["flag.lastSeen", { project: "demo/shop" }],
      ["ingestion.lag", { project: "demo/shop" }],
      ["ingestion.waiting", { project: "demo/shop" }],
    ] as const;
    for (const [procedure, input] of procedures) {
      expect(await shop.call("", procedure, input), procedure).toMatchObject({ status: 401 });
      expect(await shop.call(outsider, procedure, input), procedure).toMatchObject({ status: 404 });
      expect(await shop.call(viewer, procedure, { ...input, project: "demo/gone" }), procedure).toMatchObject({
        status: 404,
      });
    }
    expect(await usage("hour")).toMatchObject({ answers: [], decided: [], sdks: [] });
    expect((await shop.call(viewer, "flag.lastSeen", { project: "demo/shop" })).data).toEqual([]);
    expect((await shop.call(viewer, "ingestion.lag", { project: "demo/shop" })).data).toMatchObject({
      environments: [{ environment: "production", lag: null }],
    });
  });

  it("says what waits at the edge, or why that is not known", async () => {
    const { status, data } = await shop.call(viewer, "ingestion.waiting", { project: "demo/shop" });
    expect(status).toBe(200);
    expect(data).toEqual({ known: false, reason: expect.stringContaining("did not answer") });
  });

  it("adds up the last hour by minute and the last day by hour, and who decided", async () => {
    await evaluated(10 * MINUTE_MS, { count: 2 });
    await evaluated(10 * MINUTE_MS, { count: 3, reason: "STATIC" });
    await evaluated(20 * MINUTE_MS, { count: 4, rule: "r-1", reason: "SPLIT" });
    await evaluated(20 * MINUTE_MS, { count: 5, rule: "r-1", reason: "TARGETING_MATCH", variant: "off" });
    await evaluated(20 * MINUTE_MS, { count: 6, reason: "DISABLED", variant: "off" });
    await evaluated(20 * MINUTE_MS, { count: 7, reason: "TARGETING_MATCH" });
    await evaluated(20 * MINUTE_MS, { count: 8, reason: "CACHED" });
    await evaluated(5 * HOUR_MS, { count: 9 });
    await evaluated(25 * HOUR_MS, { count: 10 });
    const [hour, day] = [await usage("hour"), await usage("day")];
    const counts = (answers: unknown) => (answers as { count: number }[]).map(({ count }) => count);
    expect(counts(hour?.answers)).toEqual([11, 19, 5]);
    expect(hour?.decided).toEqual(
      expect.arrayContaining([
        { by: "everyone", count: 5 },
        { by: "rule", rule: "r-1", count: 9 },
        { by: "off", count: 6 },
        { by: "target", count: 7 },
        { by: "other", count: 8 },
      ]),
    );
    expect(counts(day?.answers).reduce((sum, count) => sum + count, 0)).toBe(44);
    for (const [window, steps] of [
      [hour, 60],
      [day, 24],
    ] as const) {
      const { from, to, stepSeconds, answers } = window as {
        from: Date;
        to: Date;
        stepSeconds: number;
        answers: { at: string }[];
      };
      expect(from.getTime() % (stepSeconds * 1_000)).toBe(0);
      expect(Math.ceil((to.getTime() - from.getTime()) / 1_000 / stepSeconds)).toBe(steps);
      for (const { at } of answers) expect(Date.parse(at) % (stepSeconds * 1_000)).toBe(0);
    }
    expect(hour?.sdks).toEqual([{ sdk: "", at: expect.any(String) }]);
  });

  it("says when each flag was asked for last, and how long events took", async () => {
    const seen = (await shop.call(viewer, "flag.lastSeen", { project: "demo/shop" })).data;
    expect(seen).toEqual([{ flag: "banner", environment: "production", at: expect.any(String) }]);
    const lag = (await shop.call(viewer, "ingestion.lag", { project: "demo/shop" })).data;
    expect(lag?.asOf).toBeInstanceOf(Date);
    expect(lag?.environments).toMatchObject([
      { environment: "production", lag: { events: 7, toReceived: { p50: 0 } } },
    ]);
    expect(shop.unexpected).toEqual([]);
  });

  it("tells an organisation nothing of another one that names everything alike", async () => {
    const system = { kind: "system", name: "demo seed" } as const;
    const { database } = shop;
    await ensureOrganisation(database, { key: "other", name: "Other" });
    const { id: userId } = await database.user.findFirstOrThrow({ where: { email: "outsider@example.com" } });
    await setMemberRole(database, system, { organisation: "other", userId, role: "owner" });
    const environments = [{ key: "production", name: "Production", critical: true }];
    await createProject(database, system, { organisation: "other", key: "shop", name: "Shop", environments });
    await createFlag(database, system, { project: "other/shop", key: "banner", name: "Banner", type: "boolean" });
    const place = { key: "production", project: { organisation: { key: "other" } } };
    const { id: otherId } = await database.environment.findFirstOrThrow({ where: place });
    const outsider = (await shop.signIn("outsider")).cookie;
    const ask = async (cookie: string, project: string) => {
      const input = { ...banner, project };
      const [day, seen, lag] = [
        (await shop.call(cookie, "flag.usage", { ...input, window: "day" })).data,
        (await shop.call(cookie, "flag.lastSeen", { project })).data,
        (await shop.call(cookie, "ingestion.lag", { project })).data,
      ];
      return { answers: day?.answers, sdks: day?.sdks, seen, lag: lag?.environments };
    };
    const nothing = { answers: [], sdks: [], seen: [], lag: [{ environment: "production", lag: null }] };
    expect(await ask(outsider, "other/shop")).toEqual(nothing);
    const before = await ask(viewer, "demo/shop");
    await evaluated(MINUTE_MS, { count: 1_000 }, otherId);
    expect(await ask(outsider, "other/shop")).toMatchObject({
      answers: [{ variant: "on", count: 1_000 }],
      sdks: [{ sdk: "" }],
      seen: [{ flag: "banner", environment: "production" }],
      lag: [{ environment: "production", lag: { events: 1 } }],
    });
    expect(await ask(viewer, "demo/shop")).toEqual(before);
  });
});
