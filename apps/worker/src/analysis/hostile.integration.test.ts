import {
  type Actor,
  configureExperiment,
  createExperiment,
  createMetric,
  ensureUser,
  getExperiment,
  getRequest,
  OPEN_REQUESTS_MAX,
  openSignIn,
  requestAnalysis,
  setMemberRole,
  startExperiment,
} from "@telltale/control";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Analyses, openAnalyses } from "./analyses.ts";
import { crowd, day, type Event, openShop, person, type Shop, scope, system } from "./fixtures.ts";

const FUNNELS = 20;
const STEPS = 8;
/** Experiments that are too large for the quick lane. */
const LARGE = ["large-1", "large-2", "large-3"];
const SMALL = "small";
const project = "demo/shop";

let shop: Shop;
let viewer: Actor;
beforeAll(async () => {
  shop = await openShop();
  const signIn = openSignIn(shop.database, { secret: "s".repeat(32), publicUrl: "http://localhost" });
  // An organisation has an owner before it has anybody else.
  for (const role of ["owner", "viewer"] as const) {
    const who = { name: role, email: `${role}@example.com`, password: "long enough" };
    const { id: userId } = await ensureUser(shop.database, signIn, who);
    await setMemberRole(shop.database, system, { organisation: "demo", userId, role });
    viewer = { kind: "user", userId };
  }
});
afterAll(() => shop.close());

const find = (experiment: string) => getExperiment(shop.database, system, { project, experiment });

/** Metrics of many steps, no two of the same event: each step is a source of its own. */
async function createFunnels(): Promise<string[]> {
  const keys = Array.from({ length: FUNNELS }, (_, i) => `funnel-${i}`);
  for (const [i, key] of keys.entries()) {
    const steps = Array.from({ length: STEPS }, (_, k) => ({
      event: `step-${k}`,
      where: [{ property: "size", op: "gte" as const, values: [i] }],
    }));
    await createMetric(shop.database, system, {
      project,
      key,
      name: key,
      definition: { kind: "funnel", steps, withinSeconds: 86_400 * (1 + i) },
    });
  }
  return keys;
}

async function startLarge(key: string, funnels: string[]): Promise<void> {
  await createExperiment(shop.database, system, {
    ...scope,
    key,
    name: key,
    flag: "button",
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    metrics: [{ key: "bought", role: "primary" }],
  });
  const metrics = funnels.map((funnel, i) => ({
    key: funnel,
    role: i === 0 ? ("primary" as const) : ("secondary" as const),
  }));
  await configureExperiment(shop.database, system, { project, experiment: key, expectedRevision: 1, metrics });
  const at = new Date("2026-11-02T00:00:00Z");
  await startExperiment(shop.database, system, { project, experiment: key, expectedRevision: 2, at: at.toISOString() });
}

/** What each unit of the large experiments did. */
function steps(count: number): Event[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: STEPS }, (_, k): Event => {
      const time = new Date(day(6).getTime() + i * 1_000 + k * 60_000).toISOString();
      const properties = { size: (i + k) % (FUNNELS + 5) };
      return {
        type: "track",
        id: `step-${i}-${k}`,
        time,
        name: `step-${k}`,
        properties,
        units: { targetingKey: `l-${i}` },
      };
    }),
  ).flat();
}

/** The worker's loop, without its pauses between what a test waits for. */
async function until(analyses: Analyses, isDone: () => Promise<boolean>): Promise<void> {
  for (;;) {
    await analyses.tick();
    if (await isDone()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a viewer who refreshes 400 times, beside experiments of 20 large funnels", () => {
  it("keeps nobody waiting: another experiment is served, and what is too large says so", async () => {
    const funnels = await createFunnels();
    for (const key of LARGE) await startLarge(key, funnels);
    await shop.start(SMALL);
    const units = Array.from({ length: 2_000 }, (_, i) => i);
    await shop.append(
      LARGE.flatMap((key) => units.flatMap((i) => person(key, `l-${i}`, i % 2 ? "on" : "off", day(3)))),
    );
    await shop.append(steps(units.length));
    await shop.append(crowd(SMALL, 40));

    const granted: { experiment: string; request: string }[] = [];
    const refused: unknown[] = [];
    await Promise.all(
      Array.from({ length: 400 }, async (_, i) => {
        const experiment = LARGE[i % LARGE.length] ?? "";
        try {
          const breakdown = i % 2 === 0 ? `invented-${i}` : null;
          granted.push({
            experiment,
            ...(await requestAnalysis(shop.database, viewer, { project, experiment, breakdown })),
          });
        } catch (error) {
          refused.push(error);
        }
      }),
    );
    const ids = new Set(granted.map(({ request }) => request));
    expect(ids.size).toBeLessThanOrEqual(OPEN_REQUESTS_MAX);
    // Or, on a machine that is busy with other things, that it comes to no turn.
    for (const error of refused) expect(error).toMatchObject({ code: expect.stringMatching(/^(TOO_MANY|BUSY)$/) });
    expect(refused).toContainEqual(expect.objectContaining({ code: "TOO_MANY" }));

    // So little that the large ones fit into neither lane.
    const limits = { quick: { seconds: 5, memoryShare: 1 / 64 }, slow: { seconds: 5, memoryShare: 1 / 64 } };
    const served: string[] = [];
    const events = {
      ...shop.store,
      moments: (...[query, signal]: Parameters<Shop["store"]["moments"]>) => {
        served.push(query.experiment);
        return shop.store.moments(query, signal);
      },
    };
    const log = { debug: () => {}, warn: () => {}, error: (...told: unknown[]) => expect.fail(JSON.stringify(told)) };
    const analyses = openAnalyses({ database: shop.database, events, now: () => new Date(), log, limits });

    const people = async () => (await find(SMALL)).snapshot?.people;
    await until(analyses, async () => (await people()) === 40);
    // Each large one may have had its turn in both lanes, and each of the viewer's requests.
    expect(served.filter((key) => key !== SMALL).length).toBeLessThanOrEqual(2 * (LARGE.length + OPEN_REQUESTS_MAX));
    for (let more = 1; more <= 3; more += 1) {
      await shop.append(person(SMALL, `more-${more}`, "on", day(4)), new Date());
      await until(analyses, async () => (await people()) === 40 + more);
      expect((await find(SMALL)).state).toMatchObject({ problem: null, failures: 0, isSlow: false });
    }
    const isAnswered = async () =>
      (await shop.database.analysisRequest.count({ where: { id: { in: [...ids] }, finishedAt: null } })) === 0;
    await until(analyses, isAnswered);
    for (const { experiment, request } of granted) {
      const { problem, snapshot } = await getRequest(shop.database, viewer, { project, experiment, request });
      expect(problem ?? snapshot).toEqual(expect.any(String));
    }
    for (const key of LARGE) {
      const { state } = await find(key);
      expect(state, key).toMatchObject({ isSlow: true, problem: expect.stringMatching(/The event store (has|needs)/) });
    }
    await analyses.stop();
  });
});
