import { describe, expect, test } from "vitest";
import { splitUrl } from "./connection.ts";
import { COLUMNS, countEncodedBytes, type EventKind, encodeEvents, type ScopedEvent } from "./encode.ts";
import { evaluations, exposure, observations, track } from "./fixtures.ts";
import { numeric } from "./numbers.ts";

const RECEIVED = Date.parse("2026-11-23T12:00:00.007Z");
const scoped = (event: ScopedEvent["event"], more: Partial<ScopedEvent> = {}): ScopedEvent => ({
  environmentId: "e1",
  event,
  receivedMs: RECEIVED,
  ...more,
});
/** The encoded lines of a kind, read back by column. */
function lines(kind: EventKind, ...events: ScopedEvent[]): Record<string, string | undefined>[] {
  const text = Buffer.from(encodeEvents(events).lines[kind]).toString();
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => Object.fromEntries(line.split("\t").map((value, i) => [COLUMNS[kind][i] ?? "too many", value])));
}

describe("encodeEvents", () => {
  test("keeps both times, in UTC whatever the sender wrote, to the millisecond", () => {
    const event = exposure({ time: "2026-11-02T14:00:00.5+02:00" });
    expect(lines("exposure", scoped(event))[0]).toMatchObject({
      at: "1793620800.500",
      clock: "1793620800.500",
      received: "1795435200.007",
    });
    expect(lines("exposure", scoped(event, { atMs: 1_793_620_000_001 }))[0]).toMatchObject({
      at: "1793620000.001",
      clock: "1793620800.500",
    });
  });

  test("lets nothing happen after it was received", () => {
    const [line] = lines("track", scoped(track({ time: "2026-11-23T12:30:00Z" })));
    expect(line?.at).toBe(line?.received);
    expect(line?.clock).toBe("1795437000.000");
  });

  test.each([
    ["0000-01-01T00:00:00Z", "946684800.000"],
    ["9999-12-31T23:59:59.999Z", "7258118400.000"],
  ])("brings a clock that says %s into the years that are stored", (time, clock) => {
    expect(lines("track", scoped(track({ time })))[0]?.clock).toBe(clock);
  });

  test("writes a line for each kind of unit, and one where there is none", () => {
    const units = { targetingKey: "u", accountId: "a" };
    const found = lines("track", scoped(track({ units, value: 0 })), scoped(track({ units: {} })));
    expect(found.map(({ by, unit, value, others }) => ({ by, unit, value, others }))).toEqual([
      { by: "targetingKey", unit: "u", value: "0", others: "{'accountId':'a'}" },
      { by: "accountId", unit: "a", value: "0", others: "{'targetingKey':'u'}" },
      { by: "", unit: "", value: "\\N", others: undefined },
    ]);
  });

  test("writes nothing more for an event of one unit than before it could have several", () => {
    const [line] = lines("track", scoped(track()));
    expect(line).not.toHaveProperty("others");
    expect(Object.keys(line ?? {})).toEqual(COLUMNS.track.slice(0, -1));
  });

  test("puts each type into its table, and escapes what tab-separated text must not hold", () => {
    const events = [
      scoped(evaluations({ count: 3 }), { sdk: "js/1" }),
      scoped(exposure({ unit: "a\tb\\\n", attributes: { n: 1, b: false, "it's": "x\\'" } })),
    ];
    expect(lines("evaluation", ...events)).toMatchObject([{ flag: "button", count: "3", sdk: "js/1" }]);
    expect(lines("exposure", ...events)).toMatchObject([
      { unit: "a\\tb\\\\\\n", attributes: "{'n':'1','b':'false','it\\'s':'x\\\\\\''}" },
    ]);
    expect(lines("track", ...events)).toEqual([]);
    const units = { halvings: 2, units: [1, 70, 1_073_741_823] };
    const observed = observations({ rule: "a\tb", metric: "latency", count: 3, units, sum: -1.5, squares: 1e300 });
    expect(lines("observation", ...events, scoped(observed), scoped(observations()))).toMatchObject([
      ...[{ rule: "a\\tb", count: "3", sum: "-1.5", squares: "1e+300", halvings: "2", units: "[1,70,1073741823]" }],
      ...[{ rule: "r1", metric: "exposed", sum: "\\N", squares: "\\N", halvings: "0", units: "[]" }],
    ]);
    const encoded = encodeEvents(events);
    expect([encoded.events, countEncodedBytes(encoded) > 100]).toEqual([2, true]);
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
