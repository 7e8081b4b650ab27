import { moveShare, WHOLE } from "@telltale/ui";
import type { ConfigRule, ConfigServe, ConfigSplit, FlagConfiguration, Variant } from "../../query/outputs.ts";

/** Where a serve sits: its salt is made from this once, and kept for the rule's life. */
export interface ServePlace {
  flag: string;
  /** A rule's id, or `everyone`. */
  place: string;
}

/**
 * A variant's place among all: decides its letter and colour. The off variant is always the first, the quiet one, as
 * the control is in experiments.
 */
export function variantPlace(variants: readonly Variant[], off: string, key: string): number {
  if (key === off) return 0;
  const others = variants.filter((variant) => variant.key !== off);
  return (
    1 +
    Math.max(
      0,
      others.findIndex((variant) => variant.key === key),
    )
  );
}

/** Turns one variant into a split that serves the same to begin with: that variant 100 %. */
export function toSplit(serve: ConfigServe, variants: readonly Variant[], { flag, place }: ServePlace): ConfigServe {
  if ("split" in serve) return serve;
  const weights = variants.map(({ key }) => ({ variant: key, parts: key === serve.variant ? WHOLE : 0 }));
  return { split: { by: "targetingKey", salt: `${flag}/${place}`, weights } };
}

/** Turns a split into its largest variant, the first among equals. */
export function toVariant(serve: ConfigServe): ConfigServe {
  if ("variant" in serve) return serve;
  const [first, ...others] = serve.split.weights;
  if (!first) return { variant: "" };
  return { variant: others.reduce((most, weight) => (weight.parts > most.parts ? weight : most), first).variant };
}

/** The split with one share moved, the others making room. */
export function withShare(split: ConfigSplit, variant: string, parts: number): ConfigSplit {
  const at = split.weights.findIndex((weight) => weight.variant === variant);
  const shares = moveShare(
    split.weights.map((weight) => weight.parts),
    at,
    parts,
  );
  return { ...split, weights: split.weights.map((weight, index) => ({ ...weight, parts: shares[index] ?? 0 })) };
}

/** The experiment whose exposures this serve makes; its split is not edited by hand. */
export function experimentOf(serve: ConfigServe): string | undefined {
  return "split" in serve ? serve.split.experiment : undefined;
}

/** An id for a new rule; results and reasons refer to it. */
export function newRuleId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `rule-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Adds a rule where it can match: before the first one that takes everybody. */
export function addRule(config: FlagConfiguration, rule: ConfigRule): FlagConfiguration {
  const at = config.rules.findIndex((other) => other.when.length === 0);
  const place = at === -1 ? config.rules.length : at;
  return { ...config, rules: config.rules.toSpliced(place, 0, rule) };
}

/** Moves the rule at `from` one up (-1) or down (+1); at the ends nothing happens. */
export function moveRule(config: FlagConfiguration, from: number, by: -1 | 1): FlagConfiguration {
  const rule = config.rules[from];
  const to = from + by;
  if (!rule || to < 0 || to >= config.rules.length) return config;
  return { ...config, rules: config.rules.toSpliced(from, 1).toSpliced(to, 0, rule) };
}
