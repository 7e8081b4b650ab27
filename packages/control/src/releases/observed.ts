import type { Database, Transaction } from "@telltale/db";
import { EXPOSED, isWatched, type ReleaseState, readReleaseState } from "@telltale/release";
import type { Observed } from "@telltale/release/judge";
import { z } from "zod";
import { readRelease, type StoredRelease } from "./store.ts";

/** Distinct units of a metric by what they were served, each by its first observation alone. */
export const observedCounts = z.array(
  z.object({
    metric: z.string(),
    variant: z.string(),
    /** Of the ruleset that served it. */
    version: z.number(),
    units: z.number(),
    /** Of the last observation, milliseconds since 1970. */
    last: z.number(),
  }),
);
export type ObservedCounts = z.output<typeof observedCounts>;

/** What is asked of the event store. */
export interface ObservedPlace {
  environmentId: string;
  flag: string;
  /** Id of the rule; "" for everyone else. */
  rule: string;
  since: Date;
  metrics: readonly string[];
}

/** Reads what SDKs observed. @throws where the event store cannot be read */
export type Observe = (place: ObservedPlace) => Promise<ObservedCounts>;

/** What SDKs observed of a release since it began; null where it is not watched, or that cannot be read. */
export async function observeRelease(
  database: Database,
  id: string,
  observe: Observe,
  onError: (error: unknown) => void,
): Promise<ObservedCounts | null> {
  const row = await database.release.findUnique({
    where: { id },
    include: { flag: true, transitions: { where: { kind: "started" }, orderBy: { sequence: "desc" }, take: 1 } },
  });
  if (!row || row.watch === null) return null;
  const { plan, state, environmentId, flag, transitions } = readRelease(row);
  const [started] = transitions;
  if (!isWatched({ plan, state }) || !started) return null;
  try {
    return await observe({
      environmentId,
      flag: flag.key,
      rule: plan.rule ?? "",
      since: started.createdAt,
      metrics: [EXPOSED, ...plan.guards.map(({ metric }) => metric)],
    });
  } catch (error) {
    onError(error);
    return null;
  }
}

/**
 * The counts with the state of the release that served them, oldest first: each version of the ruleset belongs to the
 * last transition that was published by then. What versions before the release served is left out.
 */
export async function observedInStates(
  tx: Transaction,
  { id, plan }: Pick<StoredRelease, "id" | "plan">,
  counts: ObservedCounts,
): Promise<Observed[]> {
  const served = await tx.releaseTransition.findMany({
    where: { releaseId: id, version: { not: null } },
    orderBy: { sequence: "asc" },
    select: { version: true, after: true },
  });
  const found = new Map<string, Observed & { at: number }>();
  for (const { metric, variant, version, units, last } of counts) {
    const at = served.findLastIndex((transition) => (transition.version ?? 0) <= version);
    const after = served[at]?.after;
    if (after === undefined) continue;
    const state: ReleaseState = readReleaseState(after);
    const known = found.get(`${at}/${metric}`) ?? {
      at,
      metric,
      state,
      units: { treated: 0, control: 0 },
      treatedAt: null,
    };
    const isTreated = variant === plan.variant;
    known.units[isTreated ? "treated" : "control"] += units;
    if (isTreated) known.treatedAt = Math.max(known.treatedAt ?? 0, last);
    found.set(`${at}/${metric}`, known);
  }
  return [...found.values()].sort((a, b) => a.at - b.at).map(({ at: _, ...observed }) => observed);
}
