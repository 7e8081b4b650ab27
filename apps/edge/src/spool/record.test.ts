import type { EncodedEvents } from "@telltale/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRecord, unframe } from "./record.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const batch: fc.Arbitrary<EncodedEvents> = fc
  .record({ events: fc.nat(1_000), exposure: bytes, track: bytes, evaluation: bytes })
  .map(({ events, ...lines }) => ({ events, lines }));
const plain = ({ events, lines }: EncodedEvents) => [
  events,
  ...[lines.exposure, lines.track, lines.evaluation].map((part) => Buffer.from(part).toString("hex")),
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
});
