import { formatChange } from "../format.ts";
import { type ChartInterval, type IntervalMarks, placeInterval } from "./interval.ts";

export type ChartVerdict = "better" | "worse" | "unclear" | "unknown";

export interface CiCellProps {
  interval: ChartInterval;
  /** Half the scale, shared by all rows: see `sharedExtent`. */
  extent: number;
  verdict: ChartVerdict;
  /** 0.95 → "95 % CI". */
  confidence: number;
}

const WIDTH = 200;
const HEIGHT = 28;
const MIDDLE = HEIGHT / 2;
const INK = {
  better: "var(--better)",
  worse: "var(--worse)",
  unclear: "var(--neutral)",
  unknown: "var(--neutral)",
};
const WORDS = {
  better: "▲ Better",
  worse: "▼ Worse",
  unclear: "No clear difference",
  unknown: "Not known yet",
};

/** The verdict as a word: never by colour alone, and "better", not "up", so that inverse metrics read right. */
export function VerdictWord({ verdict }: { verdict: ChartVerdict }) {
  return (
    <span
      className={verdict === "better" || verdict === "worse" ? "whitespace-nowrap font-semibold" : ""}
      style={{ color: INK[verdict] }}
    >
      {WORDS[verdict]}
    </span>
  );
}

/** An interval as people say it: "−0.2 % to +3.2 %"; a dash when there is none. */
export function intervalText(interval: ChartInterval): string {
  if (interval.state === "bounded") return `${formatChange(interval.low)} to ${formatChange(interval.high)}`;
  return "–";
}

/** An interval cell, drawn by hand: zero line, solid bar when clear, hollow dashed bar when not. */
export function CiCell({ interval, extent, verdict, confidence }: CiCellProps) {
  if (interval.state !== "bounded") {
    return (
      <span className="text-muted text-sm">
        {interval.state === "undefined" ? interval.reason : "Any lift fits so far."}
      </span>
    );
  }
  const marks = placeInterval(interval, extent, WIDTH);
  const level = `${Number((confidence * 100).toFixed(1))} % CI`;
  const said = `Lift ${formatChange(interval.estimate)}, ${level} ${intervalText(interval)}: ${WORDS[verdict].replace(/^\W+/, "")}`;
  return (
    <svg role="img" aria-label={said} viewBox={`-2 0 ${WIDTH + 4} ${HEIGHT}`} width={WIDTH} height={HEIGHT}>
      <line x1={0} x2={WIDTH} y1={MIDDLE} y2={MIDDLE} stroke="var(--line)" />
      <Bar marks={marks} clear={verdict === "better" || verdict === "worse"} ink={INK[verdict]} />
      <line
        data-mark="zero"
        x1={marks.zero}
        x2={marks.zero}
        y1={1}
        y2={HEIGHT - 1}
        stroke="var(--ink)"
        strokeWidth={1}
      />
    </svg>
  );
}

function Bar({ marks, clear, ink }: { marks: IntervalMarks; clear: boolean; ink: string }) {
  const top = MIDDLE - 5;
  return (
    <>
      <rect
        data-mark={clear ? "filled" : "hollow"}
        x={marks.low}
        y={top}
        width={Math.max(2, marks.high - marks.low)}
        height={10}
        rx={2}
        fill={clear ? ink : "var(--raised)"}
        stroke={ink}
        strokeWidth={1.5}
        strokeDasharray={clear ? undefined : "4 3"}
      />
      <line
        data-mark="estimate"
        x1={marks.estimate}
        x2={marks.estimate}
        y1={top - 3}
        y2={top + 13}
        stroke={clear ? "var(--ink)" : ink}
        strokeWidth={2.5}
      />
      {marks.clippedLow ? <path d={`M 6 ${MIDDLE - 4} L 0 ${MIDDLE} L 6 ${MIDDLE + 4} Z`} fill="var(--ink)" /> : null}
      {marks.clippedHigh ? (
        <path
          d={`M ${WIDTH - 6} ${MIDDLE - 4} L ${WIDTH} ${MIDDLE} L ${WIDTH - 6} ${MIDDLE + 4} Z`}
          fill="var(--ink)"
        />
      ) : null}
    </>
  );
}

/** The scale above a column of cells: its two ends and zero, printed. */
export function CiScale({ extent }: { extent: number }) {
  const digits = extent < 0.01 ? 1 : 0;
  return (
    <span className="flex w-[200px] justify-between font-normal text-muted text-xs">
      <span>{formatChange(-extent, digits)}</span>
      <span>0</span>
      <span>{formatChange(extent, digits)}</span>
    </span>
  );
}
