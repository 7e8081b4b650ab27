import { formatChance, formatChange, formatCount, formatMeasure, formatP, formatRate } from "@telltale/ui";
import type { Looked } from "@telltale/ui/chart";
import type { ArmResult, Comparison, MetricResult } from "../../query/outputs.ts";

type Role = MetricResult["role"];

/** The groups of the table, in the order of trust. */
export const GROUPS: { role: Role; head: string }[] = [
  { role: "primary", head: "Primary" },
  { role: "guardrail", head: "Guardrails" },
  { role: "secondary", head: "Secondary" },
];

const WARNINGS: Record<Comparison["warnings"][number], string> = {
  few_conversions: "Few conversions: the interval is rough",
  few_clusters: "Few units: the interval is rough",
  denominator_near_zero: "The denominator is near 0: the ratio is unsteady",
  no_covariate: "Not adjusted: nothing before exposure varies",
};

const CORRECTIONS = { none: "", holm: "Holm", benjamini_hochberg: "Benjamini-Hochberg" };

/** What to be careful about, in words. */
export function warningWords(warnings: Comparison["warnings"]): string[] {
  return warnings.map((warning) => WARNINGS[warning]);
}

/** "p 0.012" and, where several tests were corrected for, "0.036 corrected"; null where there is no test. */
export function pWords({ p, adjustedP, correction }: Pick<Comparison, "p" | "adjustedP" | "correction">) {
  if (p === null) return null;
  const bare = (value: number) => formatP(value).replace("p = ", "").replace("p < ", "< ");
  const corrected = correction === "none" || adjustedP === null ? null : `${bare(adjustedP)} corrected`;
  return { raw: `p ${bare(p)}`, corrected, by: CORRECTIONS[correction] };
}

/** A value by its metric's format; a dash where there is none. */
export function valueWords(value: number | null, { format }: Pick<MetricResult, "format">): string {
  return value === null ? "–" : formatMeasure(value, format);
}

/** What a value was made from: "380 of 2,000", "2,000 people", "2,000 values". */
export function countWords({ n, converted }: ArmResult, { kind }: Pick<MetricResult, "kind">): string {
  if (converted !== null) return `${formatCount(converted)} of ${formatCount(n)}`;
  const one = kind === "quantile" ? "value" : "unit";
  return `${formatCount(n)} ${n === 1 ? one : `${one}s`}`;
}

/** "Lower is better", the smallest effect and what a guardrail bears. */
export function termsWords({ direction, minimumEffect, margin, role }: MetricResult): string {
  return [
    direction === "decrease" ? "lower is better" : "",
    role === "guardrail" && margin > 0 ? `bears ${share(margin)} of harm` : "",
    minimumEffect === null ? "" : `${share(minimumEffect)} matters`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** What the units there are could find: "would find 2.4 %". Undefined where that cannot be told. */
export function detectableWords({ detectableLift }: Pick<MetricResult, "detectableLift">): string | undefined {
  return detectableLift === null ? undefined : `would find ${share(Math.abs(detectableLift))}`;
}

/** Chance to find the smallest effect that matters. */
export function powerWords({ power, minimumEffect }: Pick<MetricResult, "power" | "minimumEffect">) {
  if (power === null) return undefined;
  const effect = minimumEffect === null ? "the smallest effect that matters" : `an effect of ${share(minimumEffect)}`;
  return `${formatChance(power)} chance to find ${effect} with the units there are`;
}

/** What a metric's test looks for: a guardrail's asks for harm alone, so it has no answer to anything else. */
export function lookedFor({ role }: Pick<MetricResult, "role">): Looked {
  return role === "guardrail" ? "harm" : "difference";
}

/**
 * What is believed after the data: a chance and losses, never called p. Of a guardrail it is the chance of harm, which
 * its test looks for as well.
 */
export function beliefWords({ posterior }: Pick<Comparison, "posterior">, looked: Looked = "difference") {
  if (!posterior) return null;
  const { chanceToWin, chanceToLose, lossOfShipping, lossOfKeeping, mean, low, high, level } = posterior;
  const loss = (value: number) => (value < 0.00005 ? `under ${share(0.0001, 2)}` : share(value, 2));
  return {
    chance: formatChance(looked === "harm" ? chanceToLose : chanceToWin),
    losses:
      looked === "harm"
        ? `${loss(lossOfShipping)} of lift by shipping`
        : `${loss(lossOfShipping)} of lift by shipping, ${loss(lossOfKeeping)} by keeping the control`,
    lift: `${formatChange(mean)}, ${share(level, 0)} of the belief from ${formatChange(low)} to ${formatChange(high)}`,
  };
}

/** A fraction without sign: 0.024 → "2.4 %". */
function share(fraction: number, digits = 1): string {
  const text = formatRate(fraction, digits);
  return text.replace(/\.0+(?=\D)/, "");
}

/** What CUPED did: "took 38 % of the variance". */
export function adjustmentWords({ adjustment }: Pick<MetricResult, "adjustment">): string | undefined {
  if (!adjustment) return undefined;
  const { varianceReduction } = adjustment;
  if (varianceReduction === null) return "adjusted by what was before exposure";
  return `${formatRate(varianceReduction, 0)} less variance by what was before exposure`;
}

/** Which values were cut: "above €120.00 (percentile 99.9)", or "above €120.00" where the metric gives the value. */
export function capWords(metric: Pick<MetricResult, "cap" | "format" | "kind">): string | undefined {
  if (!metric.cap) return undefined;
  const { level, y, x } = metric.cap;
  const at = level === null ? undefined : `percentile ${Number((level * 100).toFixed(4))}`;
  const ends = [y, x].filter((end) => end !== null);
  if (ends.length === 0) return at && `at ${at}; no values`;
  const ratio = metric.kind === "ratio" || metric.kind === "mean";
  // A ratio's caps are in the units of its two parts, which have no format of their own.
  const written = ratio
    ? ends.map((end) => formatMeasure(end, { style: "number", unit: "" }))
    : [valueWords(y, metric)];
  return `above ${written.join(" over ")}${at ? ` (${at})` : ""}`;
}
