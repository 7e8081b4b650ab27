import { formatChance, formatCount } from "@telltale/ui";
import type { Sizing } from "../../query/outputs.ts";

/** What a plan can find, in sentences; what each metric needs alone; and what is not known, with what to do about it. */
export function sizingWords(
  { sizing, plannedUnits, metrics }: Pick<Sizing, "sizing" | "plannedUnits" | "metrics">,
  wanted: number,
) {
  const nameOf = (key: string | null) => metrics.find((metric) => metric.key === key)?.name ?? key ?? "a metric";
  const alone = (sizing?.alone ?? []).map(({ metric, units }) => {
    return { name: nameOf(metric), units: `${formatCount(units)} units by itself` };
  });
  return { sentences: sentencesOf({ sizing, plannedUnits }, wanted, nameOf), alone, unknown: unknownOf(metrics) };
}

function sentencesOf(
  { sizing, plannedUnits }: Pick<Sizing, "sizing" | "plannedUnits">,
  wanted: number,
  nameOf: (key: string | null) => string,
): string[] {
  if (!sizing) {
    return [
      "It cannot be told: no smallest effect or margin was set, or nothing is known of a metric's past. Set them, or ask with baselines (experiment.sizing).",
    ];
  }
  const binding = nameOf(sizing.binding);
  const need = sizing.neverRead
    ? `${nameOf(sizing.neverRead)} is never read by this plan: its arms have unlike shares, and neither a cap nor history says how far its values reach. Give it a cap.`
    : sizing.units === null
      ? `No number of units is enough for ${binding}: its baseline or margin leaves nothing to show. Give it an absolute margin, or one of 0.`
      : `${formatCount(sizing.units)} units find the smallest effects that matter and show every guardrail with a chance of ${formatChance(wanted)} or more. ${binding} needs most.`;
  const later = sizing.uncounted.map(
    (key) =>
      `${nameOf(key)} may be read later than that: how far its caps reach depends on its denominator, which is not known. Ask with a baseline that has a denominator (experiment.sizing).`,
  );
  if (plannedUnits === null || sizing.power === null) return [need, ...later];
  const chance = `With the planned ${formatCount(plannedUnits)} units the chance is ${formatChance(sizing.power)}${sizing.power < wanted ? ", which is less than was wanted" : ""}.`;
  return [chance, need, ...later];
}

function unknownOf(metrics: Sizing["metrics"]): string[] {
  return metrics.flatMap(({ name, history, proposedCap }) => {
    if (!history) return [`Nothing is known of ${name} from the last four weeks.`];
    const cap = proposedCap?.y ?? null;
    return cap === null
      ? []
      : [`A cap of ${formatCount(cap)} would cut one in a thousand values of ${name} that are not 0.`];
  });
}
