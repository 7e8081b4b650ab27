import type { Sizing } from "../progress/sizing.ts";
import type { HealthCheck } from "../result/analysis.ts";
import { count, describeUnits, formatFraction } from "../verdict/words.ts";
import { finding, type HealthFacts } from "./facts.ts";

/** A plan with less than this share of the wanted power is warned of: the spread it goes by is an estimate itself. */
const CLEARLY_LESS = 0.9;

/** Whether the planned units can find the smallest effect that matters and show the guardrails. */
export function checkPower({ plan, isEnough, isRunning }: HealthFacts, sizing: Sizing | null): HealthCheck {
  const { plannedUnits, settings } = plan;
  if (plannedUnits === null) return finding("power", "pending", "Without planned units there is no plan to check.");
  if (!isRunning) return finding("power", "ok", "The experiment has ended: what it found is what counts.");
  if (!isEnough || !sizing || sizing.power === null) {
    return finding("power", "pending", "It cannot be told yet what the planned units can find.");
  }
  const name = plan.metrics.find(({ key }) => key === sizing.binding)?.name;
  const so = `With the planned ${describeUnits(plannedUnits)} the effect that matters is found and every guardrail shown with a chance of at least ${formatFraction(sizing.power)}`;
  if (sizing.power >= CLEARLY_LESS * settings.power) return finding("power", "ok", `${so}.`);
  const unread = plan.metrics.find(({ key }) => key === sizing.neverRead)?.name;
  const need = unread
    ? `${unread} is never read by this plan: its arms have unlike shares, and neither a cap nor history says how far its values reach. Give it a cap and start anew.`
    : sizing.units === null
      ? "No number of units is enough."
      : `${count(sizing.units)} are needed${name ? `, most of them for ${name}` : ""}.`;
  return finding("power", "warning", `${so}; ${formatFraction(settings.power)} was wanted. ${need}`, {
    metric: sizing.binding,
  });
}
