import { formatChange } from "../../format.ts";
import { type ChartInterval, type IntervalMarks, placeInterval } from "./interval.ts";
import { intervalNote, intervalText, levelText, type WriteEffect } from "./interval-words.ts";

export type Outcome = "better" | "worse" | "unclear" | "unknown";

export interface CiCellProps {
  interval: ChartInterval;
  /** Half the scale, shared by all rows: see `sharedExtent`. */
  extent: number;
  outcome: Outcome;
  /** What the interval is of: "Lift". */
  what?: string;
  write?: WriteEffect;
  /** Smallest effect that matters: ± it is shaded. */
  smallest?: number | null;
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
  unknown: "Not known",
};

/** The outcome as a word: never by colour alone, and "better", not "up", so that inverse metrics read right. */
export function OutcomeWord({ outcome }: { outcome: Outcome }) {
  return (
    <span
      className={outcome === "better" || outcome === "worse" ? "whitespace-nowrap font-semibold" : ""}
      style={{ color: INK[outcome] }}
    >
      {WORDS[outcome]}
    </span>
  );
}

/**
 * An interval cell, drawn by hand: zero line, solid bar when clear, hollow dashed bar when not, an arrow head where the
 * range has no end or goes on beyond the scale. Words alone when there is no interval.
 */
export function CiCell(props: CiCellProps) {
  const { interval, extent, outcome, what = "Lift", write = formatEffect, smallest } = props;
  if (interval.state === "unknown") return <span className="text-muted text-sm">{intervalNote(interval)}.</span>;
  const marks = placeInterval(interval, extent, WIDTH);
  const range = `${levelText(interval.level)} ${intervalText(interval, write)}`;
  const said = `${what} ${write(interval.estimate)}, ${range}: ${WORDS[outcome].replace(/^\W+/, "")}`;
  return (
    <svg
      role="img"
      aria-label={said}
      data-state={interval.state}
      viewBox={`-2 0 ${WIDTH + 4} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
    >
      {smallest ? <Zone half={Math.min(1, smallest / extent) * (WIDTH / 2)} /> : null}
      <line x1={0} x2={WIDTH} y1={MIDDLE} y2={MIDDLE} stroke="var(--line)" />
      <Bar marks={marks} clear={outcome === "better" || outcome === "worse"} ink={INK[outcome]} />
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

function formatEffect(effect: number): string {
  return formatChange(effect);
}

/** Effects too small to matter. */
function Zone({ half }: { half: number }) {
  return (
    <rect data-mark="smallest" x={WIDTH / 2 - half} y={0} width={half * 2} height={HEIGHT} fill="var(--neutral-soft)" />
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
      {marks.estimate === null ? null : (
        <line
          data-mark="estimate"
          x1={marks.estimate}
          x2={marks.estimate}
          y1={top - 3}
          y2={top + 13}
          stroke={clear ? "var(--ink)" : ink}
          strokeWidth={2.5}
        />
      )}
      {marks.openLow ? (
        <path data-mark="open-low" d={`M 6 ${MIDDLE - 4} L 0 ${MIDDLE} L 6 ${MIDDLE + 4} Z`} fill="var(--ink)" />
      ) : null}
      {marks.openHigh ? (
        <path
          data-mark="open-high"
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
