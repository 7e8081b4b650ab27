import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorld, SERVER_KEY, track } from "../fake-world.ts";
import { Shares } from "./shares.ts";

describe("Shares", () => {
  it("calls greedy who asks for more than one and a half times an equal share, and nobody who is alone", () => {
    let now = 0;
    const shares = new Shares(() => now);
    shares.add("loud", 1_000);
    expect(shares.isGreedy("loud")).toBe(false);
    shares.add("loud", 9_000);
    expect(shares.isGreedy("loud")).toBe(false);
    now = 100;
    shares.add("quiet", 10);
    expect([shares.isGreedy("loud"), shares.isGreedy("quiet"), shares.isGreedy("new")]).toEqual([true, false, false]);
    now = 20_000;
    shares.add("loud", 10);
    shares.add("quiet", 8);
    expect([shares.isGreedy("loud"), shares.isGreedy("quiet")]).toEqual([false, false]);
  });

  it("never calls everybody greedy, nor whoever asks for least", () => {
    const asked = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: 1, max: 1_000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(asked, (works) => {
        const shares = new Shares(() => 0);
        const sums = new Map<string, number>();
        for (const [tenant, work] of works) {
          shares.add(tenant, work);
          sums.set(tenant, (sums.get(tenant) ?? 0) + work);
        }
        const least = [...sums].sort((one, other) => one[1] - other[1])[0]?.[0] ?? "";
        expect(shares.isGreedy(least)).toBe(false);
      }),
    );
  });

  it("forgets who asks for nothing any more", () => {
    let now = 0;
    const shares = new Shares(() => now);
    for (let i = 0; i < 1_000; i++) shares.add(`t${i}`, 1);
    now = 10_000;
    shares.add("new", 1);
    expect(shares.size).toBe(1);
  });
});

const OTHER_KEY = "tts_other";

/** An edge for two organisations; the other's key stands for an environment of its own. */
function worldOfTwo(changes: Parameters<typeof createWorld>[0] = {}) {
  const state = { lagMs: 0 };
  const world = createWorld({ sharesDelayMs: 0, ...changes }, { loopLagMs: () => state.lagMs });
  const [own] = world.keys.values();
  if (!own) throw new Error("The world has a key.");
  const hash = createHash("sha256").update(OTHER_KEY).digest("hex");
  world.keys.set(hash, { ...own, id: "other", organisationId: "other" });
  const status = async (key: string, path = "/v1/ruleset") => (await world.call(path, { key })).status;
  return { ...world, state, status };
}

describe("an edge of two organisations", () => {
  it("sends away the one that floods while it is late, and serves the other", async () => {
    const { state, status, post, call } = worldOfTwo();
    for (let i = 0; i < 100; i++) await status(SERVER_KEY);
    await status(OTHER_KEY);
    expect([await status(SERVER_KEY), await status(OTHER_KEY)]).toEqual([200, 200]);
    state.lagMs = 200;
    expect([await status(SERVER_KEY), await status(OTHER_KEY)]).toEqual([429, 200]);
    expect((await post({ events: [track()] })).status).toBe(429);
    const answer = await call("/v1/ruleset", { key: SERVER_KEY });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(await answer.json()).toMatchObject({ type: "urn:telltale:problem:too-many-requests" });
    state.lagMs = 0;
    expect(await status(SERVER_KEY)).toBe(200);
  });

  it("keeps the last streams for the one that has few", async () => {
    const { call, status } = worldOfTwo({ streams: 10 });
    const open = async (key: string, count: number) => {
      for (let i = 0; i < count; i++) expect((await call("/v1/stream", { key })).status).toBe(200);
    };
    await open(SERVER_KEY, 8);
    expect([await status(SERVER_KEY, "/v1/stream"), await status(OTHER_KEY, "/v1/stream")]).toEqual([429, 200]);
    await open(OTHER_KEY, 1);
    // As many as there may be.
    expect(await status(OTHER_KEY, "/v1/stream")).toBe(503);
  });

  it("gives one that is alone every stream", async () => {
    const { call } = createWorld({ streams: 10 });
    for (let i = 0; i < 10; i++) expect((await call("/v1/stream", { key: SERVER_KEY })).status).toBe(200);
  });

  it("counts a stream no more when it is gone", async () => {
    const { call, status } = worldOfTwo({ streams: 10 });
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push(await call("/v1/stream", { key: i < 6 ? SERVER_KEY : OTHER_KEY }));
    expect(await status(SERVER_KEY, "/v1/stream")).toBe(429);
    await answers[0]?.body?.cancel();
    expect(await status(OTHER_KEY, "/v1/stream")).toBe(200);
    expect(await status(SERVER_KEY, "/v1/stream")).toBe(200);
  });
});
