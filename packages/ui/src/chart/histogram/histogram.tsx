import { formatRate } from "../../format.ts";
import { VariantMark, variantInk } from "../variant-mark.tsx";
import { type HistogramSeries, outlines, stepPath } from "./bins.ts";

const WIDTH = 720;
const HEIGHT = 180;
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3", "1 3"];

export interface HistogramProps {
  series: readonly HistogramSeries[];
  /** Writes a value of the metric. */
  write: (value: number) => string;
  /** The drawing in a sentence. */
  sentence: string;
}

/** How units spread over values: one outline an arm, on the same bins. Bins are drawn equally wide, whatever they span. */
export function Histogram({ series, write, sentence }: HistogramProps) {
  const { slots, shares, most } = outlines(series);
  const [first, middle, last] = [slots[0], slots[Math.floor(slots.length / 2)], slots.at(-1)];
  if (!first || !middle || !last) return <p className="py-8 text-center text-muted">No values.</p>;
  return (
    <div>
      <p aria-hidden className="mb-1 text-muted text-xs">
        highest: {formatRate(most, 1)} of an arm's units
      </p>
      <svg
        role="img"
        aria-label={sentence}
        viewBox={`-1 -2 ${WIDTH + 2} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        className="h-45 w-full"
      >
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="var(--control)" />
        {series.map(({ name, place }, at) => (
          <path
            key={name}
            d={stepPath(shares[at] ?? [], most, WIDTH, HEIGHT)}
            fill={variantInk(place)}
            fillOpacity={0.08}
            stroke={variantInk(place)}
            strokeWidth={2}
            strokeDasharray={DASHES[place % DASHES.length]}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <div aria-hidden className="mt-1 flex justify-between text-muted text-xs">
        <span>{write(first.from)}</span>
        {slots.length > 2 ? <span>{write(middle.from)}</span> : null}
        <span>{write(last.to)}</span>
      </div>
      <ul aria-label="Variants in the chart" className="mt-2 flex flex-wrap gap-4">
        {series.map(({ name, place }) => (
          <li key={name}>
            <VariantMark at={place} name={name} />
          </li>
        ))}
      </ul>
    </div>
  );
}
