import type { MetricColumns } from "../moments/kinds/metric-columns.ts";
import type { HistoryColumns } from "./history-columns.ts";

/** Units that did it: all that there is to know of zeros and ones follows from their number. */
export function shareHistory({ unit, arm, read }: MetricColumns): HistoryColumns {
  return {
    unit,
    whole: arm,
    answer: [],
    read: (answer) => {
      const moments = read(answer);
      if (moments.form !== "share" || moments.converted === 0 || moments.converted === moments.n) return undefined;
      const p = moments.converted / moments.n;
      const q = 1 - p;
      return {
        units: moments.n,
        value: p,
        unitVariance: p * q,
        skewness: (p * p + q * q) / Math.sqrt(p * q),
        proposedCap: { y: null, x: null },
      };
    },
  };
}
