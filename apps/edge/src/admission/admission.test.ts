import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorld, SERVER_KEY, track } from "../fake-world.ts";
import { Bodies } from "./bodies.ts";
import { Crowd } from "./crowd.ts";
import { retryAfter } from "./retry-after.ts";
import { TokenBuckets } from "./token-buckets.ts";
import { TurnQueue } from "./turn-queue.ts";

describe("TokenBuckets", () => {
  it("lets two seconds' worth through at once, then the rate, each key for itself", () => {
    let now = 0;
    const buckets = new TokenBuckets(10, () => now);
    const passed = (key: string, tries: number) =>
      Array.from({ length: tries }, () => buckets.take(key, 1)).filter((wait) => wait === 0).length;
    expect([passed("a", 100), passed("b", 100)]).toEqual([20, 20]);
    now = 500;
    expect([passed("a", 100), passed("b", 3)]).toEqual([5, 3]);
    now = 0;
    expect(passed("a", 100)).toBe(0);
    now = 3_600_000;
    expect(passed("a", 100)).toBe(20);
  });

  it("says how long to wait, and lets what is larger than the bucket through a full one, on credit", () => {
    let now = 0;
    const buckets = new TokenBuckets(10, () => now);
    expect(buckets.take("a", 50)).toBe(0);
    expect(buckets.take("a", 1)).toBeCloseTo(3.1);
    now = 3_100;
    expect(buckets.take("a", 1)).toBe(0);
  });

  it("never lets more through than the rate and one bucket, however it is asked", () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(500), tokens: fc.integer({ min: 1, max: 20 }) }));
    fc.assert(
      fc.property(steps, (asked) => {
        let now = 0;
        let taken = 0;
        const buckets = new TokenBuckets(10, () => now);
        for (const { afterMs, tokens } of asked) {
          now += afterMs;
          if (buckets.take("a", tokens) === 0) taken += tokens;
        }
        expect(taken).toBeLessThanOrEqual(20 + now / 100 + 1e-6);
      }),
    );
  });

  it("forgets keys that have not asked for long", () => {
    let now = 0;
    const buckets = new TokenBuckets(10, () => now);
    for (let i = 0; i < 10_000; i++) buckets.take(`k${i}`, 1);
    now = 10_000;
    buckets.take("new", 20);
    expect(buckets.take("new", 1)).toBeGreaterThan(0);
    expect(buckets.size).toBe(1);
  });
});

describe("Turns", () => {
  it("gives what waits elsewhere its turn after each slice, and keeps the order", async () => {
    let now = 0;
    const turns = new TurnQueue(100, () => now);
    const log: string[] = [];
    const work = (name: string) => () => {
      log.push(name);
      now += 15;
    };
    const all = ["a", "b", "c", "d"].map((name) => turns.run(work(name)));
    const others = (async () => {
      for (let i = 0; i < 3; i++) {
        await new Promise(setImmediate);
        log.push("other");
      }
    })();
    await Promise.all([...all, others]);
    expect(log.filter((name) => name !== "other")).toEqual(["a", "b", "c", "d"]);
    expect(log.indexOf("other")).toBeLessThan(log.indexOf("d"));
  });

  it("runs what was let in, refuses what is too much, and survives a task that throws", async () => {
    const turns = new TurnQueue(2);
    const failing = turns.run(() => {
      throw new Error("mine");
    });
    const second = turns.run(() => 2);
    expect([turns.isFull, turns.run(() => 3)]).toEqual([true, "full"]);
    await expect(failing).rejects.toThrow("mine");
    expect([await second, turns.isFull, await turns.run(() => 4)]).toEqual([2, false, 4]);
  });
});

describe("Turns of one request's many steps", () => {
  it("are short, and everybody else's come in between", async () => {
    let now = 0;
    const turns = new TurnQueue(100, () => now);
    const log: string[] = [];
    function* steps(name: string, count: number) {
      for (let i = 0; i < count; i++) {
        now += 1;
        log.push(name);
        yield i;
      }
      return name;
    }
    const long = turns.runAll(steps("long", 100));
    const short = turns.runAll(steps("short", 1));
    const others = (async () => {
      for (let i = 0; i < 3; i++) {
        await new Promise(setImmediate);
        log.push("other");
      }
    })();
    const [all, one] = await Promise.all([long, short, others]);
    expect(all).toMatchObject({ taken: { length: 100 }, result: "long" });
    expect(one).toEqual({ taken: [0], result: "short" });
    // A turn of two milliseconds, at most ten of them in a slice.
    expect(log.filter((name) => name !== "other").indexOf("short")).toBe(2);
    expect(log.indexOf("other")).toBeLessThan(25);
  });

  it("are refused only before the first", async () => {
    const turns = new TurnQueue(1);
    const running = turns.runAll([1, 2, 3][Symbol.iterator]());
    expect(turns.runAll([4][Symbol.iterator]())).toBe("full");
    expect(await running).toMatchObject({ taken: [1, 2, 3] });
  });

  it("reject with what a step throws", async () => {
    function* failing() {
      yield 1;
      throw new Error("mine");
    }
    await expect(new TurnQueue(1).runAll(failing())).rejects.toThrow("mine");
  });
});

describe("Bodies", () => {
  it("takes memory from the body that is longest under way, never from one that is complete", () => {
    const bodies = new Bodies(100);
    const gone: string[] = [];
    const open = (name: string) => bodies.open(() => gone.push(name));
    const done = open("done");
    done.add(40);
    done.complete();
    const slow = open("slow");
    slow.add(30);
    const fast = open("fast");
    fast.add(20);
    expect([gone, bodies.bytes]).toEqual([[], 90]);
    fast.add(20);
    expect([gone, bodies.bytes]).toEqual([["slow"], 80]);
    slow.add(10_000);
    slow.release();
    expect(bodies.bytes).toBe(80);
    done.release();
    done.release();
    fast.release();
    expect(bodies.bytes).toBe(0);
  });

  it("is full when only complete bodies are left to hold it", () => {
    const bodies = new Bodies(10);
    const hold = bodies.open(() => {});
    hold.add(10);
    expect(bodies.isFull).toBe(false);
    hold.complete();
    expect(bodies.isFull).toBe(true);
  });
});

describe("retryAfter", () => {
  it("spreads those who were sent away together", () => {
    const draws = Array.from({ length: 100 }, (_, i) => Number(retryAfter(2, () => i / 100)));
    expect([Math.min(...draws), Math.max(...draws), new Set(draws).size]).toEqual([2, 7, 6]);
  });
});

describe("Crowd", () => {
  it("forgets by half each second, and nothing when the clock jumps back", () => {
    let now = 0;
    const crowd = new Crowd(() => now);
    crowd.add("events");
    for (let i = 0; i < 4; i++) crowd.add("ruleset");
    expect([crowd.isMostly("events"), crowd.isMostly("ruleset")]).toEqual([true, false]);
    now = 2_000;
    for (let i = 0; i < 2; i++) crowd.add("ruleset");
    // 10 and 4 are 2.5 and 1 now, and 2 came.
    expect([crowd.isMostly("events"), crowd.isMostly("ruleset")]).toEqual([false, true]);
    now = -5_000;
    crowd.add("events");
    expect(crowd.isMostly("events")).toBe(true);
  });
});

describe("an edge", () => {
  const ask = (world: ReturnType<typeof createWorld>, path: string) => world.call(path, { key: SERVER_KEY });

  it("answers 429 to a key that sends too many events, and takes nothing of the batch", async () => {
    const world = createWorld({ keyEventsPerSecond: 2 });
    expect((await world.post({ events: [track(), track(), track(), track()] })).status).toBe(200);
    const answer = await world.post({ events: [track()] });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([429, "application/problem+json"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(world.stored).toHaveLength(4);
  });

  it("answers 429 to a key that asks too often, and still serves another", async () => {
    const world = createWorld({ keyRequestsPerSecond: 1 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(world, "/v1/ruleset")).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await world.call("/v1/ruleset", { key: "ttc_client" })).status).toBe(404);
    expect(await (await world.call("/metrics")).text()).toContain('telltale_edge_shed_total{reason="requests"} 1\n');
  });

  it.each([
    [400, 200, 200, 200],
    [600, 503, 200, 200],
    [2_500, 503, 200, 200],
    [3_500, 503, 503, 200],
    [6_000, 503, 503, 503],
  ])("with a loop %d ms late sends away events first and streams last", async (lagMs, events, ruleset, stream) => {
    const world = createWorld({}, { loopLagMs: () => lagMs });
    expect((await world.post({ events: [track()] })).status).toBe(events);
    expect((await ask(world, "/v1/ruleset")).status).toBe(ruleset);
    const opened = await ask(world, "/v1/stream");
    expect(opened.status).toBe(stream);
    await opened.body?.cancel();
  });

  it("sends away what it is flooded with, and not the other path", async () => {
    const state = { lagMs: 0 };
    const world = createWorld({}, { loopLagMs: () => state.lagMs });
    const statuses = async () => [
      (await world.post({ events: [track()] })).status,
      (await ask(world, "/v1/ruleset")).status,
    ];
    for (let i = 0; i < 50; i++) await ask(world, "/v1/ruleset");
    state.lagMs = 1_000;
    expect(await statuses()).toEqual([200, 503]);
    for (let i = 0; i < 20; i++) await world.post({ events: [track()] });
    expect(await statuses()).toEqual([503, 200]);
  });

  it("answers 503 when too many batches wait for their turn, and serves the others", async () => {
    const world = createWorld({ pendingBatches: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.post({ events: [track()] })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(503);
    expect(world.stored).toHaveLength(statuses.filter((status) => status === 200).length);
  });
});
