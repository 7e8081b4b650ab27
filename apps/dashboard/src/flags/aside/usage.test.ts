import { describe, expect, it } from "vitest";
import { HOURS, usageColumns } from "./usage.ts";

describe("usageColumns", () => {
  it("has every hour of the last day, the present one last", () => {
    const now = Date.UTC(2026, 10, 23, 14, 20);
    const columns = usageColumns(
      [
        { hour: "2026-11-23T14:00:00Z", variant: "on", count: 3 },
        { hour: "2026-11-23T13:00:00Z", variant: "off", count: 5 },
        { hour: "2026-11-20T13:00:00Z", variant: "off", count: 99 },
      ],
      ["on", "off"],
      now,
    );
    expect(columns).toHaveLength(HOURS);
    expect(columns.at(-1)).toEqual({ label: "14:00 UTC", counts: [3, 0] });
    expect(columns.at(-2)).toEqual({ label: "13:00 UTC", counts: [0, 5] });
    expect(columns[0]).toEqual({ label: "15:00 UTC", counts: [0, 0] });
  });
});
