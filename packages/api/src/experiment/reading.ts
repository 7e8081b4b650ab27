import { type Analysis, analyse, analysisSchema, ENGINE, type OtherSettings } from "@telltale/analysis";
import type { StoredRun } from "@telltale/control";

/** How somebody wants to read results, in place of how it was planned. */
export interface Wanted {
  method?: "sequence" | "group" | "fixed" | undefined;
  alpha?: number | undefined;
  correct?: boolean | undefined;
  /** False: not adjusted by what was before exposure. True: as planned, as more was not counted. */
  cuped?: boolean | undefined;
}

export function isWanted({ method, alpha, correct, cuped }: Wanted): boolean {
  return method !== undefined || alpha !== undefined || correct !== undefined || cuped !== undefined;
}

/** A run as it is to be read. */
export interface RunReading {
  snapshot: string;
  createdAt: Date;
  dataTo: Date;
  /** What computed these numbers. */
  engine: string;
  /** Whether an older engine did. */
  isOutdated: boolean;
  /** Null where an older engine wrote it in a shape that is read no more. */
  analysis: Analysis | null;
}

/** A stored run as planned, or computed again from its moments where it is wanted otherwise. */
export function readRun(run: StoredRun, wanted: Wanted): RunReading {
  const { id: snapshot, createdAt, dataTo, engine, analysis, inputs } = run;
  const otherwise = inputs ? differing(inputs.plan.settings, wanted) : {};
  if (!inputs || Object.keys(otherwise).length === 0) {
    return { snapshot, createdAt, dataTo, engine, isOutdated: engine !== ENGINE, analysis };
  }
  const { query: _, ...facts } = inputs;
  const computed = analysisSchema.parse(analyse(facts, otherwise));
  return { snapshot, createdAt, dataTo, engine: ENGINE, isOutdated: false, analysis: computed };
}

/** The part of what is wanted that is not planned so. */
function differing(planned: Analysis["settings"], { method, alpha, correct, cuped }: Wanted): OtherSettings {
  return {
    ...(method === undefined || method === planned.method ? {} : { method }),
    ...(alpha === undefined || alpha === planned.alpha ? {} : { alpha }),
    ...(correct === undefined || correct === planned.correct ? {} : { correct }),
    ...(cuped === false && planned.cupedDays > 0 ? { cupedDays: 0 } : {}),
  };
}
