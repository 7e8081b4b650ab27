import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatChange } from "../format.ts";
import {
  type LiftLine,
  liftExtent,
  liftRecords,
  liftTicks,
  loneRanges,
  stepWords,
  tickDigits,
  tickWords,
  timeTicks,
} from "./lift-line.ts";
import { variantInk, variantLetter } from "./variant-mark.tsx";

const HEIGHT = 280;
const MOST_DOTS = 40;
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 3"];

export interface LiftPlotProps {
  lines: readonly LiftLine[];
  /** Length of the steps, seconds. */
  stepSeconds: number;
  title: string;
  /** The chart in a sentence; announced when the drawing gets the focus. */
  desc: string;
}

/** The drawing itself; loaded only when a chart is on the page. */
export function LiftPlot({ lines, stepSeconds, title, desc }: LiftPlotProps) {
  const extent = liftExtent(lines);
  const digits = tickDigits(extent);
  const records = liftRecords(lines, extent);
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
          width={64}
          domain={[-extent, extent]}
          ticks={liftTicks(extent)}
          tickFormatter={(value: number) => formatChange(value, digits)}
          tick={{ fill: "var(--muted)", fontSize: 12 }}
          stroke="var(--control)"
          allowDataOverflow
        />
        <ReferenceLine y={0} stroke="var(--ink)" />
        <Tooltip isAnimationActive={false} content={<LiftTip lines={lines} stepSeconds={stepSeconds} />} />
        {lines.map((line) => (
          <Area
            key={`${line.name} range`}
            dataKey={`${line.name} range`}
            stroke="none"
            fill={variantInk(line.place)}
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

interface TipProps {
  lines: readonly LiftLine[];
  stepSeconds: number;
  active?: boolean;
  label?: string | number;
}

function LiftTip({ lines, stepSeconds, active, label }: TipProps) {
  if (!active || label === undefined) return null;
  return (
    <div role="status" className="rounded-md border border-line bg-raised px-3 py-2 text-sm shadow-high">
      <p className="font-medium">{stepWords(new Date(Number(label)).toISOString(), stepSeconds)}</p>
      {lines.map((line) => {
        const lift = line.points.find((point) => Date.parse(point.at) === Number(label))?.lift;
        return (
          <p key={line.name}>
            {variantLetter(line.place)} {line.name}:{" "}
            {lift
              ? `${formatChange(lift.estimate)} (${formatChange(lift.low)} to ${formatChange(lift.high)})`
              : "not known yet"}
          </p>
        );
      })}
    </div>
  );
}
