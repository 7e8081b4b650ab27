/** Units with a value in [from, to). */
export interface Bin {
  from: number;
  to: number;
  units: number;
}

export interface HistogramSeries {
  name: string;
  /** The variant's place among all variants. */
  place: number;
  /** Ascending; bins without units may be left out. */
  bins: readonly Bin[];
}

export interface Outlines {
  /** Ascending and without a gap: where no series has units, a bin stands for all that is missing. */
  slots: { from: number; to: number }[];
  /** By series, then by slot: the share of the series' units, 0..1. */
  shares: number[][];
  /** The largest share, 0..1; 0 without units. */
  most: number;
}

/** Several histograms on the same bins, as shares, so that arms of different sizes can be compared. */
export function outlines(series: readonly HistogramSeries[]): Outlines {
  const known = new Map<number, number>();
  for (const { bins } of series) for (const { from, to } of bins) known.set(from, to);
  const slots: Outlines["slots"] = [];
  for (const [from, to] of [...known].sort(([a], [b]) => a - b)) {
    const before = slots.at(-1);
    if (before && before.to < from) slots.push({ from: before.to, to: from });
    slots.push({ from, to });
  }
  const shares = series.map(({ bins }) => {
    const total = bins.reduce((sum, { units }) => sum + units, 0);
    const units = new Map(bins.map((bin) => [bin.from, bin.units]));
    return slots.map(({ from }) => (total === 0 ? 0 : (units.get(from) ?? 0) / total));
  });
  return { slots, shares, most: Math.max(0, ...shares.flat()) };
}

/** The outline of steps as an SVG path: every slot is as wide as any other, heights are in proportion to `most`. */
export function stepPath(shares: readonly number[], most: number, width: number, height: number): string {
  const slot = width / Math.max(1, shares.length);
  const y = (share: number) => Number((height - (most === 0 ? 0 : share / most) * height).toFixed(2));
  const steps = shares.map((share, at) => `V ${y(share)} H ${Number(((at + 1) * slot).toFixed(2))}`);
  return `M 0 ${height} ${steps.join(" ")} V ${height}`;
}
