import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { variantInk, variantLetter } from "../variant-mark.tsx";
import {
  clippedEnds,
  loneRanges,
  stepWords,
  type TimeLine,
  type TimeValue,
  tickDigits,
  tickWords,
  timeExtent,
  timeRecords,
  timeTicks,
  valueTicks,
} from "./time-line.ts";

const HEIGHT = 280;
const MOST_DOTS = 40;
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 3"];

export interface TimePlotProps {
  lines: readonly TimeLine[];
  /** Length of the steps, seconds. */
  stepSeconds: number;
  title: string;
  /** The chart in a sentence; announced when the drawing gets the focus. */
  desc: string;
  /** Writes a value on the axis with so many digits. */
  write: (value: number, digits: number) => string;
  /** A moment's value in words, for the tip. */
  words: (line: TimeLine, value: TimeValue) => string;
  /** What a band is: the line's own range, or what was to be expected of it, drawn in grey. */
  band: "range" | "expected";
  /** Least half of the axis, a fraction. */
  smallest?: number;
}

/** The drawing itself; loaded only when a chart is on the page. */
export function TimePlot({ lines, stepSeconds, title, desc, write, words, band, smallest }: TimePlotProps) {
  const extent = timeExtent(lines, smallest);
  const digits = tickDigits(extent);
  const records = timeRecords(lines, extent);
  const times = records.map(({ time }) => Number(time));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <ComposedChart data={records} title={title} desc={desc} margin={{ top: 8, right: 24, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="time"
          type="number"
          domain={[from, to]}
          ticks={timeTicks(from, to)}
          tickFormatter={tickWords}
          tick={{ fill: "var(--muted)", fontSize: 12 }}
          stroke="var(--control)"
        />
        <YAxis
          width={72}
          domain={[-extent, extent]}
          ticks={valueTicks(extent)}
          tickFormatter={(value: number) => write(value, digits)}
          tick={{ fill: "var(--muted)", fontSize: 12 }}
          stroke="var(--control)"
          allowDataOverflow
        />
        <ReferenceLine y={0} stroke="var(--ink)" />
        <Tooltip
          isAnimationActive={false}
          content={<TimeTip lines={lines} stepSeconds={stepSeconds} words={words} />}
        />
        {lines.map((line) => (
          <Area
            key={`${line.name} range`}
            dataKey={`${line.name} range`}
            stroke="none"
            fill={band === "range" ? variantInk(line.place) : "var(--neutral)"}
            fillOpacity={0.16}
            isAnimationActive={false}
            connectNulls
            dot={false}
            activeDot={false}
          />
        ))}
        {loneRanges(lines, extent).map(({ place, segment }) => (
          <ReferenceLine key={place} segment={segment} stroke={variantInk(place)} strokeWidth={8} strokeOpacity={0.3} />
        ))}
        {band === "range" ? <ClippedEnds lines={lines} extent={extent} /> : null}
        {lines.map((line) => (
          <Line
            key={line.name}
            dataKey={line.name}
            name={`${variantLetter(line.place)} ${line.name}`}
            stroke={variantInk(line.place)}
            strokeWidth={2}
            strokeDasharray={DASHES[(line.place + DASHES.length - 1) % DASHES.length] ?? ""}
            dot={records.length <= MOST_DOTS ? { r: 3, fill: "var(--raised)", strokeDasharray: "" } : false}
            isAnimationActive={false}
            connectNulls
          />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function ClippedEnds({ lines, extent }: { lines: readonly TimeLine[]; extent: number }) {
  return clippedEnds(lines, extent, MOST_DOTS).map(({ place, x, y }) => (
    <ReferenceDot
      key={`${place} ${x} ${y}`}
      x={x}
      y={y}
      shape={({ cx = 0, cy = 0 }) => <ArrowHead x={cx} y={cy} up={y > 0} ink={variantInk(place)} />}
    />
  ));
}

/** The line or its band goes on beyond the edge; the tip and the table say how far. */
function ArrowHead({ x, y, up, ink }: { x: number; y: number; up: boolean; ink: string }) {
  const base = up ? y + 7 : y - 7;
  return <path data-mark="clipped" d={`M ${x - 4} ${base} L ${x} ${y} L ${x + 4} ${base} Z`} fill={ink} />;
}

interface TipProps {
  lines: readonly TimeLine[];
  stepSeconds: number;
  words: TimePlotProps["words"];
  active?: boolean;
  label?: string | number;
}

function TimeTip({ lines, stepSeconds, words, active, label }: TipProps) {
  if (!active || label === undefined) return null;
  return (
    <div role="status" className="rounded-md border border-line bg-raised px-3 py-2 text-sm shadow-high">
      <p className="font-medium">{stepWords(new Date(Number(label)).toISOString(), stepSeconds)}</p>
      {lines.map((line) => {
        const value = line.points.find((point) => Date.parse(point.at) === Number(label))?.value;
        return (
          <p key={line.name}>
            {variantLetter(line.place)} {line.name}: {value ? words(line, value) : "not known"}
          </p>
        );
      })}
    </div>
  );
}
