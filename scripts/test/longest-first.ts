import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/**
 * The test files that take the longest, the longest first. One of them that began last would run alone, and leave the
 * other processors idle.
 */
export const LONGEST = [
  "packages/api/src/hostile/hostile.integration.test.ts",
  "packages/api/src/standing/standing.integration.test.ts",
  "packages/events/src/moments/definitions.integration.test.ts",
  "e2e/hostile/hostile.integration.test.ts",
  "scripts/audit/audit.integration.test.ts",
  "e2e/published.integration.test.ts",
  "apps/worker/src/jobs/apply.integration.test.ts",
  "packages/embedded/src/postgres/postgres.integration.test.ts",
  "packages/events/src/history/history.integration.test.ts",
  "packages/stats/src/simulation/simulate.test.ts",
  "packages/analysis/src/simulation/simulate.test.ts",
  "scripts/pack/packages.test.ts",
  "packages/sdk/src/node/process.test.ts",
];

/** The place of a file among the longest; all the others come after them. */
export function rankOf(file: string): number {
  const rank = LONGEST.findIndex((one) => file.endsWith(`/${one}`));
  return rank === -1 ? LONGEST.length : rank;
}

/** Starts the longest files first, and the others as vitest would. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}
