import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/test/longest-first.ts";

/** How many faults, and which: the same for the same seed. */
const chaos = { rounds: Number(process.env.CHAOS_ROUNDS ?? 40), seed: Number(process.env.CHAOS_SEED ?? 1) };

/** `unit` runs anywhere in a moment, `integration` starts real databases, `chaos` is the long run of its fault tests. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/**/*.test.{ts,tsx}",
            "apps/**/*.test.{ts,tsx}",
            "prisma/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", "**/.next/**", "**/*.integration.test.ts"],
          // No test asserts a time: this only ends what hangs. On a busy machine a property test takes its time, within
          // a budget of its own.
          testTimeout: 120_000,
          setupFiles: ["scripts/test/property-budget.ts"],
          // The default leaves one processor idle, which is half of a small machine.
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "integration",
          include: ["**/*.integration.test.ts"],
          exclude: ["**/node_modules/**", "**/.next/**"],
          globalSetup: ["packages/testing/src/run.setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // On a busy machine a process takes its time; what never comes still fails.
          expect: { poll: { timeout: 20_000 } },
          provide: { chaos: { rounds: 5, seed: 1 } },
        },
      },
      {
        test: {
          name: "chaos",
          include: ["apps/edge/chaos/*.integration.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          provide: { chaos },
        },
      },
    ],
  },
});
