import { type EncodedEvents, EVENT_KINDS } from "@telltale/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRecord, unframe } from "./record.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const none = Buffer.of();
const observed = (count: number): EncodedEvents => ({
  events: count,
  lines: { exposure: none, track: none, evaluation: none, observation: Buffer.from("o\n".repeat(count)) },
});
const batch: fc.Arbitrary<EncodedEvents> = fc.oneof(
  fc
    .record({ events: fc.nat(1_000), exposure: bytes, track: bytes, evaluation: bytes })
    .map(({ events, ...lines }) => ({ events, lines: { ...lines, observation: none } })),
  fc.integer({ min: 1, max: 50 }).map(observed),
);
const plain = ({ events, lines }: EncodedEvents) => [
  events,
  ...EVENT_KINDS.map((kind) => Buffer.from(lines[kind]).toString("hex")),
];

describe("a segment", () => {
  it("gives back what was put in", () => {
    fc.assert(
      fc.property(fc.array(batch), (batches) => {
        const { records, damagedBytes } = unframe(Buffer.concat(batches.map(encodeRecord)));
        expect(records.map(plain)).toEqual(batches.map(plain));
        expect(damagedBytes).toBe(0);
      }),
    );
  });

  it("cut anywhere, keeps every record before the cut", () => {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 5 }), fc.nat(), (batches, at) => {
        const frames = batches.map(encodeRecord);
        const whole = Buffer.concat(frames);
        const cut = at % whole.byteLength;
        const { records, damagedBytes } = unframe(whole.subarray(0, cut));
        let end = 0;
        const kept = frames.filter((one) => {
          end += one.byteLength;
          return end <= cut;
        });
        expect(records.map(plain)).toEqual(batches.slice(0, kept.length).map(plain));
        expect(damagedBytes).toBe(cut - kept.reduce((sum, one) => sum + one.byteLength, 0));
      }),
    );
  });

  it("damaged in one byte, loses the record that it hit and no other", () => {
    fc.assert(
      fc.property(
        fc.array(batch, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (batches, at, flip) => {
          const frames = batches.map(encodeRecord);
          const whole = Buffer.concat(frames);
          const hit = at % whole.byteLength;
          whole[hit] = (whole[hit] ?? 0) ^ flip;
          let end = 0;
          const others = batches.filter((_, i) => {
            const start = end;
            end += frames[i]?.byteLength ?? 0;
            return hit < start || hit >= end;
          });
          expect(unframe(whole).records.map(plain)).toEqual(others.map(plain));
        },
      ),
    );
  });

  it("of the release before is read as it was meant", () => {
    const hex = "f7544c0116000000cd71a5ac03000000020000000200000002000000780a740a760a";
    const [exposure, track, evaluation] = ["x\n", "t\n", "v\n"].map((text) => Buffer.from(text));
    const before = { events: 3, lines: { exposure, track, evaluation, observation: none } } as EncodedEvents;
    expect(unframe(Buffer.from(hex, "hex")).records.map(plain)).toEqual([plain(before)]);
    // And is what that release reads.
    expect(encodeRecord(before).toString("hex")).toBe(hex);
  });

  it("holds observations apart, so that the release before reads the rest", () => {
    const { lines } = observed(2);
    const mixed = { events: 3, lines: { ...lines, track: Buffer.from("t\n") } };
    const rest = { events: 1, lines: { ...mixed.lines, observation: none } };
    expect(unframe(encodeRecord(mixed)).records.map(plain)).toEqual([plain(rest), plain(observed(2))]);
  });
});
