import type { FailureReading } from "@telltale/stats";
import { type Move, pauseMove, type ReleaseAt, rollbackMove } from "./move.ts";
import type { Guard } from "./plan.ts";

/** How a guard stands. */
export interface GuardReading extends FailureReading {
  metric: string;
  action: Guard["action"];
}

/** How all guards of a release stand. */
export interface GuardEvidence {
  readings: GuardReading[];
  /** Distinct units that were served the variant since the release began. */
  treatedUnits: number;
  /** When a unit was last served the variant, milliseconds since 1970; null: none was. */
  servedAt: number | null;
}

/** What a guarded release waits for. */
export type GuardWait =
  /** Too few units were served the variant so far. */
  | { code: "units"; have: number; need: number }
  /** No unit was served the variant since the step began: nobody watches any more, or nothing arrives. */
  | { code: "silence" }
  /** What SDKs observed could not be read. */
  | { code: "evidence" };

/** Whether the guards are read: from the first step to the end of the bake, paused or not. */
export function isWatched({ plan, state }: ReleaseAt): boolean {
  const { status } = state;
  return plan.guards.length > 0 && (status === "running" || status === "paused" || status === "baking");
}

/** No data is never a pass: without units, and without a reading of them, a guarded release stays where it is. */
export function guardWaits({ plan, state }: ReleaseAt, guards: GuardEvidence | null): GuardWait[] {
  const { guards: planned, minUnits } = plan;
  if (planned.length === 0) return [];
  if (!guards) return [{ code: "evidence" }];
  const { treatedUnits, servedAt } = guards;
  if (treatedUnits < minUnits) return [{ code: "units", have: treatedUnits, need: minUnits }];
  const isSilent = servedAt === null || (state.since !== null && servedAt < state.since);
  return isSilent ? [{ code: "silence" }] : [];
}

/** What a broken guard does, whatever the release waits for; of several, the one that does most. */
export function guardMove(release: ReleaseAt, guards: GuardEvidence | null, now: number): Move | null {
  if (!guards || !isWatched(release)) return null;
  const broken = guards.readings.filter(({ state }) => state === "breached");
  const harm = broken.find(({ action }) => action === "roll back");
  if (harm) return rollbackMove(release, now, describeBreach(harm));
  const { status, accepted } = release.state;
  const doubt = broken.find(({ action, metric }) => action === "pause" && !accepted.includes(metric));
  if (!doubt || status === "paused") return null;
  return pauseMove(release, { reason: "guard", sentence: describeBreach(doubt), metric: doubt.metric }, now);
}

function describeBreach({ metric, treated, control, low, limit }: GuardReading): string {
  const units = (count: number) => `${count} ${count === 1 ? "unit" : "units"}`;
  const harm =
    low === null ? "" : ` That is at least ${low.toFixed(1)} times as often; ${limit.toFixed(1)} is tolerated.`;
  return `The guard "${metric}" is broken: ${units(treated)} failed with the variant, ${units(control)} without it.${harm}`;
}
