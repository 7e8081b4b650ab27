import { formatCount } from "../format.ts";
import { VariantMark, variantInk } from "./variant-mark.tsx";

export interface CountColumn {
  /** Its begin, ISO 8601. */
  at: string;
  /** "14:00". */
  label: string;
  /** One count a series, in the order of `series`. */
  counts: readonly number[];
}

export interface CountBarsProps {
  series: readonly { name: string; at: number }[];
  columns: readonly CountColumn[];
  /** How long a column lasts. */
  step: "minute" | "hour";
  /** The drawing in a sentence. */
  sentence: string;
}

const HEIGHT = 72;
const SLOT = 10;

/** Small stacked columns over time, drawn by hand; the largest column is named, so that heights mean something. */
export function CountBars({ series, columns, step, sentence }: CountBarsProps) {
  const totals = columns.map((column) => column.counts.reduce((sum, count) => sum + count, 0));
  const most = Math.max(1, ...totals);
  const width = columns.length * SLOT;
  return (
    <div>
      <svg
        role="img"
        aria-label={sentence}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-18 w-full"
      >
        <line x1={0} x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--control)" />
        {columns.map((column, at) => (
          <Stack key={column.label} x={at * SLOT} counts={column.counts} series={series} most={most} />
        ))}
      </svg>
      <div aria-hidden className="mt-1 flex justify-between text-muted text-xs">
        <span>{columns[0]?.label}</span>
        <span>
          most in {step === "hour" ? "an" : "a"} {step}: {formatCount(Math.max(0, ...totals))}
        </span>
        <span>{columns.at(-1)?.label}</span>
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {series.map((one, at) => (
          <li key={one.name} className="inline-flex items-center gap-1.5">
            <VariantMark at={one.at} name={one.name} />
            {formatCount(columns.reduce((sum, column) => sum + (column.counts[at] ?? 0), 0))}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface StackProps {
  x: number;
  counts: readonly number[];
  series: CountBarsProps["series"];
  most: number;
}

function Stack({ x, counts, series, most }: StackProps) {
  let top = HEIGHT - 1;
  return counts.map((count, at) => {
    const height = (count / most) * (HEIGHT - 4);
    top -= height;
    const one = series[at];
    if (!one || count === 0) return null;
    return <rect key={one.name} x={x + 1} y={top} width={SLOT - 2} height={height} fill={variantInk(one.at)} />;
  });
}
