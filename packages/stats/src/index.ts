export type { Adjusted } from "./arms/adjusted.ts";
export type { MetricArms, MetricEstimates } from "./arms/metric.ts";
export type { QuantileReading } from "./arms/quantile.ts";
export type { QuantileBound } from "./arms/quantile-order.ts";
export type { Conversions } from "./arms/simple.ts";
export type { UnknownState, Warning } from "./arms/states.ts";
export {
  type BanditArm,
  type ThompsonOptions,
  type ThompsonWeights,
  thompsonWeights,
} from "./bandit/thompson-weights.ts";
export {
  type AnalysisSettings,
  analyseMetric,
  analyseMetrics,
  type MetricAnalysis,
  type MetricInput,
  type MetricRole,
  unitVariancesOf,
} from "./inference/analyse.ts";
export { groupBoundaries } from "./inference/formulas/group-sequential.ts";
export type { Method } from "./inference/method.ts";
export type { Posterior, Prior } from "./inference/posterior.ts";
export type { Clock } from "./inference/readout.ts";
export type { Comparison, Interval, IntervalOrigin, Outcome } from "./inference/result.ts";
export { runningResult } from "./inference/running.ts";
export { type Measured, skewnessByBoth, type Tails } from "./inference/tails.ts";
export { type Moments, mergeMoments, momentsFromSums, momentsOf, type Sums } from "./moments/moments.ts";
export { mergePairMoments, type PairMoments, pairMomentsOf } from "./moments/pair-moments.ts";
export type { RatioWithPriorMoments } from "./moments/prior-ratio.ts";
export { type QuantileLevels, quantile, quantileLevels, type Winsorized, winsorize } from "./moments/quantile.ts";
export { type Duration, duration, powerByWeek, type WeekOfPlan } from "./power/duration.ts";
export type { Plan, PlannedMethod } from "./power/plan.ts";
export {
  type DetectableEffect,
  detectableEffect,
  type Effect,
  powerOf,
  type RequiredUnits,
  requiredUnits,
} from "./power/size.ts";
export { type Baseline, baselineOf } from "./power/spread.ts";
export {
  jointPower,
  type Margin,
  type PlannedGuardrail,
  type PlannedPrimary,
  powerToShow,
  requiredUnitsTogether,
  type Together,
  type UnitsTogether,
} from "./power/together.ts";
export { type Detectable, type DetectionPlan, detectable, type PlannedStep } from "./release/detection/detectable.ts";
export {
  type FailureState,
  type FailureWindow,
  failureEvidence,
  observeFailures,
  startFailures,
  type TwoArms,
} from "./release/failures.ts";
export { alphaOfEach, RELEASE_ALPHA } from "./release/family.ts";
export { type FailureReading, type GuardState, readFailures } from "./release/read-failures.ts";
export { type MeanGuard, type MeanReading, type MeanStep, readMeans } from "./release/read-means.ts";
export { type SplitStep, splitOverSteps } from "./release/split-over-steps.ts";
export { type SequentialSplit, sequentialSplit } from "./split/sequential-split.ts";
export { type SplitCheck, type SplitCheckState, splitCheck } from "./split/split-check.ts";
export {
  type Between,
  type DecidedVerdict,
  decideVerdict,
  VERDICT_CODES,
  type VerdictCode,
  type VerdictFacts,
} from "./verdict/decide.ts";
export { type GuardrailFacts, readGuardrail } from "./verdict/guardrail.ts";
export type { DecisionReason, GuardrailMargin, GuardrailReason, HealthProblem } from "./verdict/reason.ts";
export type { TreatmentFacts } from "./verdict/treatment.ts";
