import type { StatisticalSettings } from "./plan/settings.ts";
import type { Analysis } from "./result/analysis.ts";
import type { AnalysisInputs } from "./result/snapshot.ts";

/** Name and version of what computed a snapshot; a change in the numbers or in their shape is a new version. */
export const ENGINE = "telltale/stats/3";

/** To read a snapshot's moments otherwise than planned; such an analysis has no verdict. */
export type OtherSettings = Partial<Pick<StatisticalSettings, "method" | "alpha" | "correct" | "cupedDays">>;

/** From moments to everything the results page shows. Pure: the same inputs give the same bytes (`canonical`). */
export function analyse(_inputs: AnalysisInputs, _otherwise?: OtherSettings): Analysis {
  throw new Error("not written yet");
}
