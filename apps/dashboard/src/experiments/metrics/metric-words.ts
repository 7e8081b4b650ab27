import { formatChance, formatChange, formatCount, formatMeasure, formatP, formatRate } from "@telltale/ui";
import type { ArmResult, Comparison, MetricResult, TreatmentResult } from "../../query/outputs.ts";

type Role = MetricResult["role"];

/** The groups of the table, in the order of trust. */
export const GROUPS: { role: Role; head: string }[] = [
  { role: "primary", head: "Primary" },
  { role: "guardrail", head: "Guardrails" },
  { role: "secondary", head: "Secondary" },
];

const WARNINGS: Record<Comparison["warnings"][number], string> = {
  few_units: "A handful of units: nothing is sure",
  few_conversions: "Few conversions: the interval is rough",
  few_clusters: "Few units: the interval is rough",
  denominator_near_zero: "The denominator is near 0: the ratio is unsteady",
  no_covariate: "Not adjusted: nothing before exposure varies",
};

const CORRECTIONS = { none: "", holm: "Holm", benjamini_hochberg: "Benjamini-Hochberg", bonferroni: "Bonferroni" };

/** What to be careful about, in words. */
export function warningWords(warnings: Comparison["warnings"]): string[] {
  return warnings.map((warning) => WARNINGS[warning]);
}

/** "p 0.012" and, where several tests were corrected for, "0.036 corrected"; null where there is no test. */
export function describeP({ p, adjustedP, correction }: Pick<Comparison, "p" | "adjustedP" | "correction">) {
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
export function termsWords(metric: MetricResult): string {
  const { direction, minimumEffect, role } = metric;
  const borne = role === "guardrail" ? borneWords(metric) : null;
  return [
    direction === "decrease" ? "lower is better" : "",
    borne === null ? "" : `tolerates ${borne} of harm`,
    minimumEffect === null ? "" : `${share(minimumEffect)} matters`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The harm that a guardrail tolerates, in per cent of the control or in its own unit; null for none. */
function borneWords(metric: MetricResult): string | null {
  const guardrail = metric.comparisons[0]?.guardrail ?? { margin: metric.margin, isAbsolute: false };
  if (!(guardrail.margin > 0)) return null;
  return guardrail.isAbsolute ? valueWords(guardrail.margin, metric) : share(guardrail.margin);
}

/** The effect that the present units could detect: "would find 2.4 %". Undefined where it is unknown. */
export function detectableWords({ detectableLift }: Pick<MetricResult, "detectableLift">): string | undefined {
  return detectableLift === null ? undefined : `would find ${share(Math.abs(detectableLift))}`;
}

/** Chance to find the smallest effect that matters. */
export function powerWords({ power, minimumEffect }: Pick<MetricResult, "power" | "minimumEffect">) {
  if (power === null) return undefined;
  const effect = minimumEffect === null ? "the smallest effect that matters" : `an effect of ${share(minimumEffect)}`;
  return `${formatChance(power)} chance to find ${effect} with the units there are`;
}

type Guardrail = NonNullable<TreatmentResult["guardrail"]>;

const GUARDRAILS: Record<Guardrail["state"], { words: (margin: string) => string; tone: "good" | "bad" | "open" }> = {
  broken: { words: (margin) => `Broken: harm beyond ${margin}`, tone: "bad" },
  shown: { words: (margin) => `Shown: less harm than ${margin}`, tone: "good" },
  not_shown: { words: (margin) => `Not shown to keep ${margin}`, tone: "open" },
  no_harm: { words: () => "No harm proven; blocks only on that", tone: "open" },
  unknown: { words: () => "Nothing known of it", tone: "open" },
  not_received: { words: () => "No data received", tone: "bad" },
};

/** What is known of a guardrail in a treatment; null for other roles. */
export function guardrailWords(
  { guardrail }: Pick<TreatmentResult, "guardrail">,
  metric: Pick<MetricResult, "format">,
): { words: string; tone: "good" | "bad" | "open" } | null {
  if (!guardrail) return null;
  const { state, margin, isAbsolute } = guardrail;
  const { words, tone } = GUARDRAILS[state];
  if (margin === 0) return { words: state === "broken" ? "Broken: harm is proven" : words("0 %"), tone };
  return { words: words(isAbsolute ? valueWords(margin, metric) : share(margin)), tone };
}

/** What is believed after the data: a chance and losses, never called p. */
export function beliefWords({ posterior }: Pick<Comparison, "posterior">) {
  if (!posterior) return null;
  const { chanceToWin, lossOfShipping, lossOfKeeping, mean, low, high, level } = posterior;
  const loss = (value: number) => (value < 0.00005 ? `under ${share(0.0001, 2)}` : share(value, 2));
  return {
    chance: formatChance(chanceToWin),
    losses: `${loss(lossOfShipping)} of lift by shipping, ${loss(lossOfKeeping)} by keeping the control`,
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
