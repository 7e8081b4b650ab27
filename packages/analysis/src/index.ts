export { analyse, ENGINE, type OtherSettings } from "./analyse.ts";
export { looksOf } from "./looks/planned-looks.ts";
export { referenceOf } from "./looks/reading.ts";
export {
  type AnalysisPlan,
  analysisPlanSchema,
  type MetricHistory,
  metricHistorySchema,
  type PlannedMetric,
  plannedMetricSchema,
} from "./plan/plan.ts";
export {
  defaultSettings,
  type SettingsOverride,
  type StatisticalSettings,
  settingsOverrideSchema,
  statisticalSettingsSchema,
} from "./plan/settings.ts";
export { type Sizing, sizingOf } from "./progress/sizing.ts";
export {
  type Analysis,
  analysisSchema,
  type HealthCheck,
  healthCheckSchema,
  type MetricResult,
  type Verdict,
} from "./result/analysis.ts";
export { type AnalysisInputs, analysisInputsSchema, type TakenLook } from "./result/snapshot.ts";
export { chooseStepSeconds } from "./series/step.ts";
