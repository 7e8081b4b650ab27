import type { FailureReading } from "@telltale/stats";
import { type Move, pauseMove, type ReleaseAt, rollbackMove } from "./move.ts";
import type { Guard, ReleasePlan } from "./plan.ts";

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
}

/** What a guarded release waits for. */
export type GuardWait =
  /** Too few units were served the variant so far. */
  | { code: "units"; have: number; need: number }
  /** What SDKs observed could not be read. */
  | { code: "evidence" };

/** Whether the guards are read: from the first step to the end of the bake, paused or not. */
export function isWatched({ plan, state }: ReleaseAt): boolean {
  const { status } = state;
  return plan.guards.length > 0 && (status === "running" || status === "paused" || status === "baking");
}

/** No data is never a pass: without units, and without a reading of them, a guarded release stays where it is. */
export function guardWaits({ guards: planned, minUnits }: ReleasePlan, guards: GuardEvidence | null): GuardWait[] {
  if (planned.length === 0) return [];
  if (!guards) return [{ code: "evidence" }];
  const { treatedUnits } = guards;
  return treatedUnits < minUnits ? [{ code: "units", have: treatedUnits, need: minUnits }] : [];
}

/** What a broken guard does, whatever the release waits for; of several, the one that does most. */
export function guardMove(release: ReleaseAt, guards: GuardEvidence | null, now: number): Move | null {
  if (!guards || !isWatched(release)) return null;
  const broken = guards.readings.filter(({ state }) => state === "breached");
  const harm = broken.find(({ action }) => action === "roll back");
  if (harm) return rollbackMove(release, now, describeBreach(harm));
  const doubt = broken.find(({ action }) => action === "pause");
  if (!doubt || release.state.status === "paused") return null;
  return pauseMove(release, { reason: "guard", sentence: describeBreach(doubt) }, now);
}

function describeBreach({ metric, treated, control, low, limit }: GuardReading): string {
  const units = (count: number) => `${count} ${count === 1 ? "unit" : "units"}`;
  const harm =
    low === null ? "" : ` That is at least ${low.toFixed(1)} times as often; ${limit.toFixed(1)} is tolerated.`;
  return `The guard "${metric}" is broken: ${units(treated)} failed with the variant, ${units(control)} without it.${harm}`;
}
