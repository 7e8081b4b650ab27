/** For rooms that build on the statistics: to simulate what they add, in the same report. */
export { runRows } from "./harness.ts";
export { binomial, gaussian, type Random, times } from "./random.ts";
export { reportRows } from "./report.ts";
export { methodRows } from "./rows.ts";
export type { Scenario } from "./scenario.ts";
