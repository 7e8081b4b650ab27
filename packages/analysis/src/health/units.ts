import { countOf } from "../plan/arms.ts";
import type { HealthCheck } from "../result/analysis.ts";
import { describeUnits, formatFraction, when } from "../verdict/words.ts";
import { finding, type HealthFacts, HOUR } from "./facts.ts";

/** Shares of units in several variants. Above the second the excluded units could hide or make a usual effect. */
const WARNING_SHARE = 0.01;
const ALARM_SHARE = 0.05;

/** Units that saw several variants are excluded: few are harmless, many say that assignment does not stick. */
export function checkSeveralVariants({ inputs, people, plan }: HealthFacts): HealthCheck {
  const several = countOf(inputs.moments.severalVariants);
  const all = people + several;
  if (all === 0 || all < plan.settings.minimumUnits) {
    return finding("several_variants", "pending", "Too few units to say how many saw several variants.");
  }
  const share = several / all;
  const found = `${describeUnits(several)} (${formatFraction(share)}) saw several variants and are excluded`;
  if (several === 0) return finding("several_variants", "ok", "No unit saw several variants.");
  if (share <= WARNING_SHARE) return finding("several_variants", "ok", `${found}.`);
  const todo = `Assign by an id that stays the same, such as the account's, and change no shares while it runs.`;
  if (share <= ALARM_SHARE) return finding("several_variants", "warning", `${found}. ${todo}`);
  return finding(
    "several_variants",
    "alarm",
    `${found}: too many for the rest to speak for all. ${todo} Then start the experiment again.`,
  );
}

/** Nobody was exposed although the experiment runs for an hour. */
export function checkNoData({ inputs, people, isRunning, to }: HealthFacts): HealthCheck {
  if (people > 0) return finding("no_data", "ok", "Exposures arrive.");
  const age = to - Date.parse(inputs.window.from);
  if (isRunning && !(age > HOUR)) {
    return finding("no_data", "pending", "Nobody was exposed to a variant yet; the experiment has just started.");
  }
  return finding(
    "no_data",
    "warning",
    "No exposure has arrived. Check that the flag is on, that the application evaluates it, that its SDK sends events, and that it is given the attribute that units are.",
  );
}

const OLDEST_HOURS = 24;

/** Running, but nothing new has come for a day. */
export function checkStaleData({ inputs, isRunning, to }: HealthFacts): HealthCheck {
  const last = Date.parse(inputs.moments.lastEvent ?? "");
  if (Number.isNaN(last)) return finding("stale_data", "pending", `No event has arrived${isRunning ? " yet" : ""}.`);
  if (!isRunning) return finding("stale_data", "ok", "The experiment has ended; nothing new is expected.");
  if (to - last <= OLDEST_HOURS * HOUR) return finding("stale_data", "ok", "Events arrive.");
  return finding(
    "stale_data",
    "warning",
    // The moment, not the age: as long as nothing comes, every run says the same.
    `No new unit and no metric event has come since ${when(last)} although the experiment runs. Check that the application still sends events.`,
  );
}

/** Definitions that were edited meanwhile. */
export function checkSettingsChanged({ inputs: { editedSince } }: HealthFacts): HealthCheck {
  if (editedSince.length === 0) {
    return finding("settings_changed", "ok", "No metric of the experiment was edited since it started.");
  }
  const verb = editedSince.length === 1 ? "was" : "were";
  return finding(
    "settings_changed",
    "warning",
    `${editedSince.join(", ")} ${verb} edited after the start. The experiment keeps the definition it started with; start a new one to use the edited one.`,
  );
}
