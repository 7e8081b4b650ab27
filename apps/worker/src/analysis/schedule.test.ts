import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueAt, LONGEST_PAUSE_MS } from "./schedule.ts";

const lastRunAt = new Date("2026-11-26T10:00:00Z");
const pause = (seconds: number, failures = 0) => dueAt({ lastRunAt, seconds, failures }) - lastRunAt.getTime();

describe("the next analysis", () => {
  it("of a new experiment is due at once", () => expect(dueAt(null)).toBe(0));

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
