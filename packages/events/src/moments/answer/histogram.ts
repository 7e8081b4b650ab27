import type { Histogram } from "../../moments.ts";

/** Values nearer to 0 share a bucket with it; values of 2^53 and more share the last. */
const EXPONENT_MIN = -20;
const EXPONENT_MAX = 53;
/** Each doubling of a value is cut into four. */
const PER_DOUBLING = 4;
const BIAS = 1_023;
const LAST = (EXPONENT_MAX - EXPONENT_MIN) * PER_DOUBLING;

/** Buckets from -HALF to HALF - 1: 0 holds [0, 2^-20), and -1 - i mirrors i. */
export const HALF = LAST + 2;

/**
 * The bucket of a Float64: the top bits of a floating-point number are its exponent and the quarter that it lies in. A
 * negative one is brought one step nearer to 0, so that buckets hold their lower end on either side.
 */
export function bucketSql(value: string): string {
  const shift = 52 - Math.log2(PER_DOUBLING);
  const first = (BIAS + EXPONENT_MIN) * PER_DOUBLING - 1;
  const place = (bits: string) =>
    `greatest(least(toInt32(bitShiftRight(${bits}, ${shift})) - ${first}, ${LAST + 1}), 0)`;
  const magnitude = `reinterpretAsInt64(abs(${value}))`;
  return `if(${value} >= 0, ${place(magnitude)}, -1 - ${place(`(${magnitude} - 1)`)})`;
}

/** Counts by bucket, from -HALF on, as a histogram. */
export function histogramOf(counts: readonly number[]): Histogram {
  return counts.flatMap((units, i) => {
    const bucket = i - HALF;
    if (units === 0) return [];
    if (bucket >= 0) return [{ from: edge(bucket), to: edge(bucket + 1), units }];
    return [{ from: -edge(-bucket), to: bucket === -1 ? 0 : -edge(-bucket - 1), units }];
  });
}

/** Lower end of a bucket from 0 on. */
function edge(bucket: number): number {
  if (bucket === 0) return 0;
  const place = bucket - 1;
  const quarter = place % PER_DOUBLING;
  return 2 ** (EXPONENT_MIN + (place - quarter) / PER_DOUBLING) * (1 + quarter / PER_DOUBLING);
}
