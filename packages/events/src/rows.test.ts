import { describe, expect, test } from "vitest";
import { splitUrl } from "./connection.ts";
import { evaluations, exposure, track } from "./fixtures.ts";
import { numeric } from "./numbers.ts";
import { type ScopedEvent, toRows } from "./rows.ts";

const scoped = (event: ScopedEvent["event"]): ScopedEvent => ({
  project: "shop",
  environment: "production",
  event,
  receivedAt: new Date("2026-11-23T12:00:00Z"),
});

describe("toRows", () => {
  test("writes times in ClickHouse's way, in UTC whatever the sender wrote", () => {
    const { exposures } = toRows([scoped(exposure({ time: "2026-11-02T14:00:00.5+02:00" }))]);
    expect(exposures[0]).toMatchObject({ at: "2026-11-02 12:00:00.500", received: "2026-11-23 12:00:00.000" });
  });

  test("writes a row for each kind of unit, and one where there is none", () => {
    const units = { targetingKey: "u", accountId: "a" };
    const { tracks } = toRows([scoped(track({ units, value: 0 })), scoped(track({ units: {} }))]);
    expect(tracks.map(({ by, unit, value }) => ({ by, unit, value }))).toEqual([
      { by: "targetingKey", unit: "u", value: 0 },
      { by: "accountId", unit: "a", value: 0 },
      { by: "", unit: "", value: null },
    ]);
  });

  test("puts each type into its table", () => {
    const rows = toRows([scoped(evaluations({ count: 3 })), scoped(exposure({ attributes: { n: 1, b: false } }))]);
    expect(rows.evaluations).toMatchObject([{ flag: "button", count: 3 }]);
    expect(rows.exposures).toMatchObject([{ unit: "u-1", attributes: { n: "1", b: "false" } }]);
    expect(rows.tracks).toEqual([]);
  });
});

describe("numeric", () => {
  test("reads numbers with and without quotes, and nothing else", () => {
    expect(["12", 12, "-1.5", "1e3"].map((value) => numeric.parse(value))).toEqual([12, 12, -1.5, 1000]);
    for (const value of [null, "inf", "nan", "", " 1", undefined, true]) {
      expect(numeric.safeParse(value).success).toBe(false);
    }
  });
});

describe("splitUrl", () => {
  test("parts the database from the server", () => {
    expect(splitUrl("http://u:p@127.0.0.1:8123/tell%20tale")).toEqual({
      database: "tell tale",
      server: "http://u:p@127.0.0.1:8123/",
    });
    expect(splitUrl("http://127.0.0.1:8123").database).toBe("default");
  });
});
