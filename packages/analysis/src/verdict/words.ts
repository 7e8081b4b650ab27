import type { MetricFormat } from "@telltale/configuration";
import type { Comparison, GuardrailMargin, Interval } from "@telltale/stats";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** A count: 44,700. */
export function count(value: number): string {
  return whole.format(value);
}

/** How many units: "1 unit", "44,700 units". */
export function describeUnits(value: number): string {
  return `${count(value)} ${value === 1 ? "unit" : "units"}`;
}

/** Beyond this many per cent a number says no more than that it is large. */
const MOST_PERCENT = 1e6;

function plain(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(1).replace("-", "−");
  return precise.format(value).replace("-", "−");
}

/** A fraction in percent, to a tenth, smaller ones to one digit: 0.081 is "8.1 %". */
export function formatFraction(fraction: number): string {
  const value = Math.abs(fraction * 100);
  const sign = fraction < 0 ? "−" : "";
  if (value > MOST_PERCENT) return `${sign}over ${count(MOST_PERCENT)} %`;
  if (value !== 0 && value < 1e-4) return `${sign}${value.toExponential(1).replace("-", "−")} %`;
  const rounded = value >= 0.1 || value === 0 ? Number(value.toFixed(value >= 1_000 ? 0 : 1)) : value;
  return `${sign}${new Intl.NumberFormat("en-US", { maximumSignificantDigits: value >= 0.1 ? 7 : 1 }).format(rounded)} %`;
}

/** A moment, milliseconds since 1970: 2026-11-26 14:00 UTC. */
export function when(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A span of time, milliseconds, in whole days, or else hours or minutes: "7 days", "1 hour". */
export function spanWords(ms: number): string {
  const [unit, size] =
    ms % 86_400_000 === 0 ? ["day", 86_400_000] : ms % 3_600_000 === 0 ? ["hour", 3_600_000] : ["minute", 60_000];
  const number = Math.max(1, Math.ceil(ms / Number(size)));
  return `${count(number)} ${unit}${number === 1 ? "" : "s"}`;
}

/** An interval's level, which is never rounded up to certainty. */
export function levelWords(level: number): string {
  return level > 0.9999 ? "over 99.99 %" : `${Number((level * 100).toFixed(2))} %`;
}

/** p with two digits, never "0". */
export function pWords(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p = ${Number(p.toPrecision(2))}`;
}

/** A value or difference in the metric's own format. */
export function amount(value: number, { style, unit }: MetricFormat): string {
  if (style === "percent") return formatFraction(value);
  return unit === "" ? plain(value) : `${plain(value)} ${unit}`;
}

const stateWords: Record<Extract<Interval, { state: "unknown" }>["reason"], string> = {
  no_data: "an arm has no units",
  not_enough_data: "an arm has too few units, or it was not read at this look",
  zero_variance: "everybody did the same",
  zero_denominator: "a denominator is 0",
  zero_baseline: "the control's mean is 0",
  impossible: "the numbers contradict each other",
  out_of_range: "the numbers are too large to compute with",
  too_skewed: "single values reach too far for so few units",
  ties: "values repeat too often around it",
  precision_lost: "the sums are too large beside their spread",
  drifted: "the effect changed while it was measured",
};

/** Why a comparison says nothing. */
export function whyUnknown({ state, difference }: Comparison): string {
  if (difference.state === "unknown") return stateWords[difference.reason];
  if (state !== "ok") return stateWords[state];
  if (difference.state === "one_sided") return "the end of its interval that would show harm cannot be read yet";
  return "nothing is known";
}

/** The harm that a guardrail tolerates: "2 %", or "0.5 EUR" where it was set in the metric's own unit. */
export function marginWords(margin: GuardrailMargin, format: MetricFormat): string {
  return "absolute" in margin ? amount(margin.absolute, format) : formatFraction(margin.relative);
}

export function endsWords(interval: Interval, write: (value: number) => string): string {
  if (interval.state === "unbounded") return "an interval without bounds, as the control is too close to 0";
  if (interval.state === "unknown") return "no interval";
  const level = `${levelWords(interval.level)} interval`;
  if (interval.low === null) return interval.high === null ? level : `${level} up to ${write(interval.high)}`;
  if (interval.high === null) return `${level} from ${write(interval.low)} up`;
  return `${level} ${write(interval.low)} to ${write(interval.high)}`;
}

/** What a metric did: "went up by 8.1 % (95 % interval 2.1 % to 14.3 %, p = 0.003)". */
export function change(comparison: Comparison, format: MetricFormat): string {
  const { lift, difference, p: own, adjustedP } = comparison;
  const isLift = lift.state !== "unknown";
  const shown = isLift ? lift : difference;
  const write = isLift ? formatFraction : (value: number) => amount(value, format);
  const { estimate } = shown;
  const size = estimate === null ? "" : write(Math.abs(estimate));
  const moved =
    estimate === null || estimate === 0 ? "did not move" : `went ${estimate > 0 ? "up" : "down"} by ${size}`;
  const p = adjustedP === null ? [] : [`${adjustedP === own ? "" : "corrected "}${pWords(adjustedP)}`];
  return `${moved} (${[endsWords(shown, write), ...p].join(", ")})`;
}
