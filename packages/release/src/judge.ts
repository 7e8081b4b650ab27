import { alphaOfEach, observeFailures, readFailures, startFailures, type TwoArms } from "@telltale/stats";
import { exposedParts } from "./exposure.ts";
import type { GuardEvidence, GuardReading } from "./guards.ts";
import { EXPOSED, type Guard, type ReleasePlan, WHOLE } from "./plan.ts";
import type { ReleaseState } from "./state.ts";

/** What was observed of a metric in a state of a release: distinct units, each in the first state that it was seen in. */
export interface Observed {
  metric: string;
  state: ReleaseState;
  /** Units served the variant, and units served another one by the same rule. */
  units: TwoArms;
  /** Of the last observation in a unit that was served the variant, milliseconds since 1970; null: none. */
  treatedAt: number | null;
}

/** So many units stand for all: a state's shares are those of its plan, which assigns units by their hash. */
const UNITS = 1e9;

/**
 * Judges all guards by everything that was observed since the release began, oldest state first. The same observations
 * give the same readings, whoever reads them and however often: nothing is kept in between.
 *
 * A state's treated share is the one that its rule assigns, not the one that was counted: of the units that were seen in
 * an earlier state, only those that changed arms are new, so that counted shares lie.
 */
export function judgeGuards(plan: ReleasePlan, all: readonly Observed[]): GuardEvidence {
  const observed = all.filter(({ state }) => isPlanned(state));
  const exposed = observed.filter(({ metric }) => metric === EXPOSED);
  const acting = plan.guards.filter(({ action }) => action !== "tell").length;
  const alpha = alphaOfEach(Math.max(1, acting));
  const readings = plan.guards.map((guard) => judgeGuard(plan, guard, observed, alpha));
  const treatedUnits = exposed.reduce((sum, { units }) => sum + units.treated, 0);
  const moments = exposed.flatMap(({ treatedAt }) => (treatedAt === null ? [] : [treatedAt]));
  return { readings, treatedUnits, servedAt: moments.length === 0 ? null : Math.max(...moments) };
}

/** While others have changed the rule, what it serves, and to whom, is not the plan's: nothing of it is compared. */
function isPlanned({ pause }: ReleaseState): boolean {
  return pause?.reason !== "conflict";
}

function judgeGuard(plan: ReleasePlan, guard: Guard, observed: readonly Observed[], alpha: number): GuardReading {
  let failures = startFailures({ margin: guard.margin });
  for (const { metric, state, units } of observed) {
    const isFailing = metric === guard.metric;
    if (!isFailing && metric !== EXPOSED) continue;
    const share = (exposedParts(plan, state) ?? 0) / WHOLE;
    // Where units of one arm alone were seen, nothing is compared.
    const isSeen = (count: number) => isFailing || count > 0;
    failures = observeFailures(failures, {
      treatedFailing: isFailing ? units.treated : 0,
      controlFailing: isFailing ? units.control : 0,
      treatedExposed: isSeen(units.treated) ? UNITS * share : 0,
      controlExposed: isSeen(units.control) ? UNITS * (1 - share) : 0,
    });
  }
  return { ...readFailures(failures, { alpha }), metric: guard.metric, action: guard.action };
}
