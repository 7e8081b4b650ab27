export {
  type CompareOptions,
  type Comparison,
  type ComparisonState,
  type ComparisonVerdict,
  compareConversions,
} from "./conversions.ts";
export type { Interval } from "./interval.ts";
export type { Conversions } from "./newcombe.ts";
export { type SplitCheck, type SplitCheckState, splitCheck } from "./split-check.ts";
