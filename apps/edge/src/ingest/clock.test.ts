import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offsetOf, parseTime, placeInTime } from "./clock.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const receipt = (offsetMs = 0) => ({ receivedMs: NOW, offsetMs, retentionMs: 395 * DAY_MS });

describe("a sender's clock", () => {
  it.each([
    ["an hour slow", -3_600_000, NOW - 60_000],
    ["two hours fast", 7_200_000, NOW - 60_000],
    ["at 1970", -NOW + 120_000, NOW - 60_000],
    ["in 2090", 2_000_000_000_000, NOW - 60_000],
  ])("%s is corrected by what it says when it sends", (_, wrongBy, happened) => {
    const offset = offsetOf(NOW + wrongBy, NOW);
    expect(placeInTime(happened + wrongBy, receipt(offset))).toBe(happened);
  });

  it("is believed within five seconds, which may be the request's way, and where the sender says nothing", () => {
    expect([offsetOf(undefined, NOW), offsetOf(NOW - 5_000, NOW), offsetOf(NOW + 5_000, NOW)]).toEqual([0, 0, 0]);
    expect(offsetOf(NOW - 5_001, NOW)).toBe(5_001);
  });

  it.each([
    ["395 days ago", NOW - 395 * DAY_MS, -1],
    ["a day ahead", NOW + DAY_MS, 1],
  ])("is accepted at %s, but not a millisecond more", (_, at, beyond) => {
    expect(placeInTime(at, receipt())).toBeLessThanOrEqual(NOW);
    expect(placeInTime(at + beyond, receipt())).toEqual({ reason: expect.stringMatching(/395 days ago|day ahead/) });
  });

  it("never puts an event after its receipt, nor two events of one batch in another order", () => {
    const time = fc.integer({ min: NOW - 30 * DAY_MS, max: NOW + DAY_MS / 2 });
    fc.assert(
      fc.property(time, time, fc.integer({ min: -DAY_MS / 4, max: DAY_MS / 4 }), (one, other, offset) => {
        const [a, b] = [placeInTime(one, receipt(offset)), placeInTime(other, receipt(offset))];
        expect(a).toBeLessThanOrEqual(NOW);
        if (typeof a === "number" && typeof b === "number") expect((a - b) * (one - other)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("parseTime", () => {
  it("reads ISO 8601 in UTC and nothing else", () => {
    expect(parseTime("2026-11-23T12:00:00.000Z")).toBe(NOW);
    for (const value of ["2026-11-23", "2026-11-23T12:00:00+01:00", "2026-13-45T99:00:00Z", "now", "", 5, null, {}]) {
      expect(parseTime(value)).toBeNaN();
    }
  });

  it("reads the days that there are, and no others", () => {
    const two = (number: number) => String(number).padStart(2, "0");
    for (const year of [2000, 2023, 2024, 2100]) {
      for (let month = 0; month <= 13; month++) {
        // The last day of a month is the one before the next month's first.
        const days = month >= 1 && month <= 12 ? new Date(Date.UTC(year, month, 0)).getUTCDate() : 0;
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${two(month)}-${two(day)}T23:59:59.123456789Z`;
          const expected = day >= 1 && day <= days ? Date.UTC(year, month - 1, day, 23, 59, 59, 123) : Number.NaN;
          expect([text, parseTime(text)]).toEqual([text, expected]);
        }
      }
    }
    for (const time of ["24:00:00", "23:60:00", "23:59:60", "99:00:00"])
      expect([time, parseTime(`2026-11-23T${time}Z`)]).toEqual([time, Number.NaN]);
  });
});
