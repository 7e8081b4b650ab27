import type { ObservationsEvent, Ruleset } from "@telltale/evaluator";
import type { CurrentRuleset } from "@telltale/ruleset/read";

/** A page speaks for few units; a report of more is no page's. */
const UNITS_MAX = 8;

const watchedIn = new WeakMap<CurrentRuleset, ReadonlySet<string>>();

/** Flags that clients are told to watch, read once a version. */
function watchedBy(ruleset: CurrentRuleset): ReadonlySet<string> {
  const known = watchedIn.get(ruleset);
  if (known) return known;
  const { hints } = JSON.parse(ruleset.document) as Ruleset;
  const flags = new Set(Object.keys(hints.watched ?? {}));
  watchedIn.set(ruleset, flags);
  return flags;
}

/**
 * Why observations that came with a client key are refused. Client keys are public: whoever has one may say what a
 * browser observed, of flags that browsers are told to watch, for as few units as a browser has, and never of a sample,
 * which would thin what everybody else has said.
 * @param ruleset what clients are served; undefined where this edge holds none
 */
export function refuseFromClient(
  { flag, units }: ObservationsEvent,
  ruleset: CurrentRuleset | undefined,
): string | undefined {
  if (!ruleset || !watchedBy(ruleset).has(flag)) {
    return "Client keys may report observations of flags that their ruleset's hint “watched” names. Get the newest ruleset.";
  }
  if (units && (units.halvings > 0 || units.units.length > UNITS_MAX)) {
    return `Client keys may report at most ${UNITS_MAX} “units”, without “halvings”. Use a server key on servers.`;
  }
  return undefined;
}
