/** The quantile's value at levels nu - z s and nu + z s, s = sqrt(nu (1 - nu) / n); null where that leaves [0, 1]. */
export interface QuantileBound {
  z: number;
  low: number | null;
  high: number | null;
}

/** A quantile and the values around it, rising in z; `design` is the variance of clustered values by that of single ones. */
export interface QuantileOrder {
  value: number;
  bounds: readonly QuantileBound[];
  design: number;
}

/** What a reading at one level alone says of wider ones: as far again, unless values repeat there. */
function beyond(value: number, at: QuantileBound, side: "low" | "high", z: number): number | null {
  const end = at[side];
  return end === null || end === value ? null : value + (end - value) * (z / at.z);
}

/**
 * The quantile's interval by the order of the values at a critical value z (Yao, Li & Lu 2024 for clusters: z grows by
 * the root of the design effect). Straight between the levels that were read; null on a side where nothing was read so
 * far out. With one level only it goes on straight, unless values repeat.
 */
export function orderEnds({ value, bounds, design }: QuantileOrder, critical: number) {
  const z = critical * Math.sqrt(design);
  const next = bounds.findIndex((bound) => bound.z >= z);
  const last = bounds.at(-1);
  const side = (name: "low" | "high"): number | null => {
    if (next < 0) return bounds.length === 1 && last ? beyond(value, last, name, z) : null;
    const before = next === 0 ? { z: 0, low: value, high: value } : bounds[next - 1];
    const after = bounds[next];
    if (!before || !after) return null;
    const [near, far] = [before[name], after[name]];
    if (near === null || far === null) return null;
    return near + (far - near) * ((z - before.z) / (after.z - before.z));
  };
  return { low: side("low"), high: side("high") };
}
