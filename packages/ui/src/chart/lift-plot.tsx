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
import { dayWords, type LiftLine, liftExtent, liftRecords, liftTicks, tickDigits } from "./lift-line.ts";
import { variantInk, variantLetter } from "./variant-mark.tsx";

const HEIGHT = 280;
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 3"];

/** The drawing itself; loaded only when a chart is on the page. */
export function LiftPlot({ lines, title, desc }: { lines: readonly LiftLine[]; title: string; desc: string }) {
  const extent = liftExtent(lines);
  const digits = tickDigits(extent);
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <ComposedChart
        data={liftRecords(lines, extent)}
        title={title}
        desc={desc}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="day"
          tickFormatter={dayWords}
          tick={{ fill: "var(--muted)", fontSize: 12 }}
          stroke="var(--control)"
          minTickGap={24}
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
        <Tooltip isAnimationActive={false} content={<LiftTip lines={lines} />} />
        {lines.map((line) => (
          <Area
            key={`${line.name} range`}
            dataKey={`${line.name} range`}
            stroke="none"
            fill={variantInk(line.at)}
            fillOpacity={0.16}
            isAnimationActive={false}
            connectNulls
            activeDot={false}
          />
        ))}
        {lines.map((line) => (
          <Line
            key={line.name}
            dataKey={line.name}
            name={`${variantLetter(line.at)} ${line.name}`}
            stroke={variantInk(line.at)}
            strokeWidth={2}
            strokeDasharray={DASHES[(line.at + DASHES.length - 1) % DASHES.length] ?? ""}
            dot={{ r: 3, fill: "var(--raised)", strokeDasharray: "" }}
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
  active?: boolean;
  label?: string | number;
}

function LiftTip({ lines, active, label }: TipProps) {
  if (!active || label === undefined) return null;
  return (
    <div role="status" className="rounded-md border border-line bg-raised px-3 py-2 text-sm shadow-high">
      <p className="font-medium">{dayWords(String(label))}</p>
      {lines.map((line) => {
        const lift = line.points.find((point) => point.day === label)?.lift;
        return (
          <p key={line.name}>
            {variantLetter(line.at)} {line.name}:{" "}
            {lift
              ? `${formatChange(lift.estimate)} (${formatChange(lift.low)} to ${formatChange(lift.high)})`
              : "not known yet"}
          </p>
        );
      })}
    </div>
  );
}
