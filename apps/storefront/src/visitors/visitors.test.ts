import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countPerson, emptyCounts, progressLine, saveCounts, summary } from "./counts.ts";
import { readEnv } from "./env.ts";
import { parseOptions, type VisitorOptions } from "./options.ts";
import { buyProbability, drawPerson, seeded } from "./people.ts";
import { type RunWorld, runVisitors } from "./run.ts";

const parse = (...args: string[]) => parseOptions(args, () => "r1");

describe("parseOptions", () => {
  it("fills in the defaults", () => {
    expect(parse()).toEqual({
      options: { people: 20_000, base: 10, lift: 8, rate: 2_000, seed: 1, run: "r1", json: undefined },
    });
  });

  it("takes a negative lift in both spellings, and fractions", () => {
    expect(parse("--lift", "-5")).toMatchObject({ options: { lift: -5 } });
    expect(parse("--lift=-5.5", "--base", "2.5")).toMatchObject({ options: { lift: -5.5, base: 2.5 } });
  });

  it("helps", () => expect(parse("--help")).toHaveProperty("help"));

  it.each([
    [["--people", "0"], "--people must be a whole number from 1"],
    [["--people", "many"], "not “many”"],
    [["--people", ""], "--people must be"],
    [["--people", "1.5"], "whole number"],
    [["--base", "101"], "--base must be a number from 0 to 100"],
    [["--base", "60", "--lift", "80"], "more than 100 %"],
    [["--run", "a b"], "--run must be"],
    [["--peple", "3"], "--peple"],
    [["stray"], "stray"],
    [["--seed"], "--seed"],
  ])("says what is wrong with %j", (args, words) => {
    const parsed = parse(...args);
    expect("sentence" in parsed ? parsed.sentence : "").toContain(words);
  });
});

describe("people", () => {
  it("are the same for the same seed, other for another, and unique in a run", () => {
    const draw = (seed: number) => {
      const random = seeded(seed);
      return Array.from({ length: 500 }, (_, index) => drawPerson("r1", index, random));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
    expect(new Set(draw(1).map((person) => person.context.targetingKey)).size).toBe(500);
  });

  it("buy more often in the treatment only", () => {
    expect(buyProbability("plain", { base: 10, lift: 8 })).toBeCloseTo(0.1);
    expect(buyProbability("promise", { base: 10, lift: 8 })).toBeCloseTo(0.108);
    expect(buyProbability(undefined, { base: 10, lift: 8 })).toBeCloseTo(0.1);
  });
});

describe("counts", () => {
  it("read well", () => {
    const counts = emptyCounts("r1");
    countPerson(counts, "plain", false);
    countPerson(counts, "promise", true);
    countPerson(counts, "promise", false);
    counts.events = { queued: 4, acknowledged: 1_234, refused: 0, dropped: 0 };
    expect(progressLine(counts, 20_000, true)).toBe(
      "3 of 20,000 people, 1,234 events acknowledged, 4 waiting, 0 refused, 0 dropped; waiting for the edge",
    );
    expect(summary(counts)).toContain("promise             2 people,        1 bought (50.00 %)");
  });

  it("are saved whole, leaving nothing else behind", () => {
    const folder = mkdtempSync(join(tmpdir(), "visitors-"));
    try {
      const file = join(folder, "counts.json");
      saveCounts(file, emptyCounts("r1"));
      saveCounts(file, { ...emptyCounts("r1"), people: 3 });
      expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ run: "r1", people: 3, done: false });
      expect(readdirSync(folder)).toEqual(["counts.json"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** A client whose edge can be away: it queues what it is given and acknowledges on flush. */
function fakeWorld() {
  const delivery = { queued: 0, acknowledged: 0, refused: 0, dropped: 0 };
  const state = { clock: 0, edgeUp: true, version: 1, mostQueued: 0, turns: 0, waited: 0 };
  const add = () => {
    delivery.queued++;
    state.mostQueued = Math.max(state.mostQueued, delivery.queued);
  };
  const flush = async () => {
    if (!state.edgeUp) return;
    delivery.acknowledged += delivery.queued;
    delivery.queued = 0;
  };
  const client = {
    flush,
    status: () => ({ ...delivery, version: state.version }),
    for: ({ targetingKey }: { targetingKey?: string }) => ({
      value: <T>(_: string, fallback: T) => fallback,
      evaluate: (_: string, value: string) => {
        add();
        const variant = Number(targetingKey?.split("-").at(-1)) % 2 === 0 ? "promise" : "plain";
        return { value, variant, reason: "SPLIT", version: 1 };
      },
      track: add,
    }),
  };
  const world: RunWorld = {
    client: client as unknown as RunWorld["client"],
    maxQueue: 100,
    now: () => state.clock,
    async pause(ms) {
      state.clock += ms;
      if (state.turns % 4 === 0) await flush();
    },
    interrupted: () => false,
    onTurn(_, waiting) {
      state.turns++;
      if (waiting) state.waited++;
    },
  };
  return { world, state, delivery };
}

describe("run", () => {
  const options: VisitorOptions = { people: 400, base: 50, lift: 20, rate: 200, seed: 1, run: "r1", json: undefined };

  it("lets everybody visit at the rate and acknowledges everything", async () => {
    const { world, state, delivery } = fakeWorld();
    const counts = await runVisitors(options, world);
    const { plain, promise } = counts.variants;
    expect(counts).toMatchObject({ people: 400, done: true, events: { queued: 0, dropped: 0 } });
    expect([plain?.people, promise?.people]).toEqual([200, 200]);
    expect(delivery.acknowledged).toBe(400 + (plain?.buyers ?? 0) + (promise?.buyers ?? 0));
    expect(state.clock).toBeGreaterThanOrEqual(2_000);
  });

  it("draws the same buyers for the same seed", async () => {
    const first = await runVisitors(options, fakeWorld().world);
    expect((await runVisitors(options, fakeWorld().world)).variants).toEqual(first.variants);
  });

  it("waits for the first ruleset and while the edge is away, and never fills the queue", async () => {
    const { world, state } = fakeWorld();
    state.version = 0;
    state.edgeUp = false;
    const onTurn = world.onTurn;
    world.onTurn = (counts, waiting) => {
      onTurn(counts, waiting);
      if (state.turns === 5) {
        expect(counts.people).toBe(0);
        state.version = 1;
      }
      if (state.turns === 200) state.edgeUp = true;
    };
    const counts = await runVisitors(options, world);
    expect(counts).toMatchObject({ people: 400, done: true });
    expect(state.waited).toBeGreaterThan(100);
    expect(state.mostQueued).toBeLessThanOrEqual(53);
  });

  it("ends early when interrupted, and says that it is not done", async () => {
    const { world, state } = fakeWorld();
    state.edgeUp = false;
    world.interrupted = () => state.turns >= 3;
    expect(await runVisitors(options, world)).toMatchObject({ done: false });
  });
});

describe("readEnv", () => {
  it("wants a key", () => {
    expect(readEnv({ SERVER_KEY: "tts" })).toEqual({ edgeUrl: "http://localhost:4401", serverKey: "tts" });
    expect(readEnv({ EDGE_URL: "" })).toEqual({ sentence: expect.stringContaining("SERVER_KEY is not set") });
  });
});
