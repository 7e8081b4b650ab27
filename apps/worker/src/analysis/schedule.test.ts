import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueAt, LONGEST_PAUSE_MS, newsWanted, type RunState, type Scheduled } from "./schedule.ts";

const lastRunAt = new Date("2026-11-26T10:00:00Z");
const after = (ms: number) => new Date(lastRunAt.getTime() + ms);

/** A running experiment that was analysed at ten. */
function scheduled(state: Partial<RunState> = {}, parts: Partial<Scheduled> = {}): Scheduled {
  const usual = { lastRunAt, newsCheckedAt: null, seconds: 0.01, dataTo: lastRunAt, failures: 0 };
  return { state: { ...usual, ...state }, to: null, hasSnapshot: true, ...parts };
}

/** After all that these tests write down. */
const later = after(3 * LONGEST_PAUSE_MS);
const pause = (seconds: number, failures = 0) => dueAt(scheduled({ seconds, failures }), later) - lastRunAt.getTime();

describe("the next analysis", () => {
  it("is due at once where something is missing: the first, an engine's first, the end", () => {
    const none = { lastRunAt: null, seconds: 0, dataTo: null };
    expect(dueAt(scheduled(none, { hasSnapshot: false }), later)).toBe(0);
    expect(dueAt(scheduled({ seconds: 600 }, { hasSnapshot: false }), later)).toBe(0);
    expect(dueAt(scheduled({ seconds: 600 }, { to: after(1) }), later)).toBe(0);
    const seen = scheduled({ seconds: 600, dataTo: after(1) }, { to: after(1) });
    expect(dueAt(seen, later)).toBeGreaterThan(lastRunAt.getTime());
  });

  it("waits after failures even where something is missing", () => {
    expect(dueAt(scheduled({ failures: 1 }, { hasSnapshot: false }), later)).toBe(after(4_000).getTime());
  });

  it("counts from the last look for news, too", () => {
    expect(dueAt(scheduled({ newsCheckedAt: after(60_000) }), later)).toBe(after(62_000).getTime());
  });

  it("is due at once where what is written down is in the future: the clock ran ahead then", () => {
    const now = after(-1);
    for (const state of [{}, { lastRunAt: after(-60_000), newsCheckedAt: lastRunAt }]) {
      expect(dueAt(scheduled({ seconds: 600, ...state }), now)).toBe(0);
      expect(newsWanted(scheduled(state), now)).toBeNull();
    }
    // And waits after failures since.
    const failed = scheduled({ lastRunAt: after(-60_000), newsCheckedAt: lastRunAt, failures: 1 });
    expect(dueAt(failed, now)).toBe(after(-60_000 + 4_000).getTime());
  });

  it.each([
    [0.01, 0, 2_000],
    [0.5, 0, 10_000],
    [8, 0, 160_000],
    [600, 0, LONGEST_PAUSE_MS],
    [0.01, 3, 16_000],
    [8, 2, 640_000],
    [0.01, 1_000, LONGEST_PAUSE_MS],
  ])("after %d s and %d failures is due in %d ms", (seconds, failures, ms) => {
    expect(pause(seconds, failures)).toBe(ms);
  });

  it("keeps the event store busy for a twentieth at most, and is never more than an hour away", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.nat(100), (seconds, failures) => {
        const ms = pause(seconds, failures);
        expect(ms).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
        if (ms < LONGEST_PAUSE_MS) expect(seconds * 1_000).toBeLessThanOrEqual(ms / 20 + 1e-6);
      }),
    );
  });
});

describe("news", () => {
  it("are wanted from a minute before the last scan began", () => {
    expect(newsWanted(scheduled({ seconds: 8 }), after(1_000))).toEqual(after(-68_000));
  });

  it("are not asked for where a scan is needed in any case", () => {
    expect(newsWanted(scheduled(), after(LONGEST_PAUSE_MS))).toBeNull();
    expect(newsWanted(scheduled({ failures: 1 }), after(1_000))).toBeNull();
    expect(newsWanted(scheduled({}, { hasSnapshot: false }), after(1_000))).toBeNull();
    expect(newsWanted(scheduled({}, { to: after(500) }), after(1_000))).toBeNull();
  });
});
