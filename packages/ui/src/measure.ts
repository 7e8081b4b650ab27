import { formatChange, formatRate } from "./format.ts";

/** How a metric's values are written; `unit` is a currency's or a measure's name ("EUR", "ms"), empty for none. */
export interface MeasureFormat {
  style: "number" | "percent" | "currency" | "duration";
  unit: string;
}

const MINUS = "\u2212";
const SPACE = "\u202f";
const DURATIONS = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3_600 },
  { name: "min", seconds: 60 },
  { name: "s", seconds: 1 },
  { name: "ms", seconds: 0.001 },
];

/** A number with about four digits that tell, thousands kept whole: 20034.6 → "20,035", 3.42191 → "3.422". */
export function formatNumber(value: number): string {
  const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const maximumFractionDigits = Math.min(12, Math.max(0, 3 - size));
  return new Intl.NumberFormat("en-GB", { maximumFractionDigits })
    .format(value)
    .replace("-", MINUS)
    .replace(/^−0$/, "0");
}

/** "€12.34", "¥1,234"; a unit that is no currency's code stands behind the number. */
function formatMoney(value: number, unit: string): string {
  const few = Math.abs(value) < 1 && value !== 0 ? { maximumFractionDigits: 4 } : {};
  try {
    return new Intl.NumberFormat("en-GB", { style: "currency", currency: unit, ...few })
      .format(value)
      .replace("-", MINUS);
  } catch {
    return withUnit(formatNumber(value), unit);
  }
}

/** "412 ms", "1.24 s", "3.4 min": in the largest unit that leaves at least 1; without a unit values are seconds. */
function formatTime(value: number, unit: string): string {
  const given = DURATIONS.find(({ name }) => name === (unit || "s"));
  if (!given) return withUnit(formatNumber(value), unit);
  const seconds = Math.abs(value) * given.seconds;
  const shown =
    DURATIONS.find((candidate) => seconds >= candidate.seconds) ?? (seconds === 0 ? given : DURATIONS.at(-1));
  const text = formatNumber(Number((value * (given.seconds / (shown?.seconds ?? 1))).toPrecision(3)));
  return withUnit(text, shown?.name ?? "s");
}

function withUnit(text: string, unit: string): string {
  return unit ? `${text}${SPACE}${unit}` : text;
}

/** A metric's value: 0.1847 as percent → "18.47 %", 412.3 as duration in ms → "412 ms". */
export function formatMeasure(value: number, { style, unit }: MeasureFormat): string {
  switch (style) {
    case "percent":
      return formatRate(value);
    case "currency":
      return formatMoney(value, unit);
    case "duration":
      return formatTime(value, unit);
    case "number":
      return withUnit(formatNumber(value), unit);
    default: {
      const never: never = style;
      return never;
    }
  }
}

/** A difference of two values with its sign and three digits that tell; of percentages in points: 0.0027 → "+0.27 pt". */
export function formatMeasureChange(change: number, format: MeasureFormat): string {
  const size = Math.abs(change) < 1_000 ? Number(Math.abs(change).toPrecision(3)) : Math.abs(change);
  const text = format.style === "percent" ? formatPoints(size) : formatMeasure(size, format);
  const bare = text.replace(/^\+/, "");
  const sign = /[1-9]/.test(bare) ? (change < 0 ? MINUS : "+") : "";
  return `${sign}${bare}`;
}

/** Percentage points with their sign: 0.0027 → "+0.27 pt". */
export function formatPoints(change: number, digits = 2): string {
  return formatChange(change, digits).replace("%", "pt");
}

/** A chance that is never certain: "> 99.99 %", "< 0.01 %", "93.2 %". */
export function formatChance(chance: number): string {
  if (chance > 0.9999) return `> 99.99${SPACE}%`;
  if (chance < 0.0001) return `< 0.01${SPACE}%`;
  return formatRate(chance, chance > 0.99 || chance < 0.01 ? 2 : 1);
}
