import fs from "node:fs";
import path from "node:path";
import { PNPM } from "../bootstrap/install.mjs";
import { root } from "../launch/settings.ts";
import { journeys, vitest } from "./counted.ts";
import { command, node, type Step, tool, whole } from "./steps.ts";

const rooms = ["packages", "apps"].flatMap((group) =>
  fs.readdirSync(path.join(root, group)).map((name) => `${group}/${name}`),
);
const typed = [...rooms, "prisma", "scripts", "e2e"].filter((folder) =>
  fs.existsSync(path.join(root, folder, "tsconfig.json")),
);

/** The checks that start nothing, then the tests from the fastest to the slowest. */
const checks: Step[] = [
  whole("format and lint", () => tool("biome", ["check", "--error-on-warnings", "."])),
  whole("laws of the house", () => node(["--import", "tsx", "scripts/house/main.ts"])),
  whole("package boundaries", () => command("npx", ["--yes", PNPM, "exec", "turbo", "boundaries"])),
  whole("unused code", () => tool("knip", ["--no-progress"])),
  whole("size of the browser SDK", () => tool("size-limit", [])),
  ...typed.map((folder) =>
    whole(`types of ${folder}`, () => tool("tsc", ["--noEmit", "--incremental", "false", "-p", folder])),
  ),
];

const suites: Record<string, Step[]> = {
  check: checks,
  e2e: [journeys()],
  chaos: [vitest("chaos")],
  test: [...checks, vitest("unit"), vitest("integration"), journeys()],
};

/** Runs every step, also after a failure, and ends with one line of counts. */
async function main() {
  const steps = suites[process.argv[2] ?? "test"] ?? [];
  let passed = 0;
  let failed = 0;
  for (const step of steps) {
    const startedAt = Date.now();
    const outcome = await step.run().catch((error: unknown) => ({ passed: 0, failed: 1, output: String(error) }));
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    passed += outcome.passed;
    failed += outcome.failed;
    const mark = outcome.failed > 0 ? "FAIL" : "ok";
    process.stdout.write(
      `${mark.padEnd(5)} ${step.name.padEnd(32)} ${String(outcome.passed).padStart(5)} passed ${seconds.padStart(7)} s\n`,
    );
    if (outcome.failed > 0) process.stdout.write(`${outcome.output.trim().split("\n").slice(-150).join("\n")}\n`);
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exit(failed > 0 ? 1 : 0);
}

await main();
