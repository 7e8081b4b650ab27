import fs from "node:fs";
import path from "node:path";
import { PNPM } from "../bootstrap/install.mjs";
import { root } from "../launch/settings.ts";
import { journeys, vitest } from "./counted.ts";
import { command, node, type TestStep, tool, whole } from "./steps.ts";
import { runSteps } from "./summary.ts";

const rooms = ["packages", "apps"].flatMap((group) =>
  fs.readdirSync(path.join(root, group)).map((name) => `${group}/${name}`),
);
const typed = [...rooms, "prisma", "scripts", "e2e"].filter((folder) =>
  fs.existsSync(path.join(root, folder, "tsconfig.json")),
);

/** The checks that start nothing, then the tests from the fastest to the slowest. */
const checks: TestStep[] = [
  whole("format and lint", () => tool("biome", ["check", "--error-on-warnings", "."])),
  whole("laws of the house", () => node(["--import", "tsx", "scripts/house/main.ts"])),
  whole("package boundaries", () => command("npx", ["--yes", PNPM, "exec", "turbo", "boundaries"])),
  whole("unused code", () => tool("knip", ["--no-progress"])),
  whole("size of the browser SDK", () => tool("size-limit", [])),
  ...typed.map((folder) =>
    whole(`types of ${folder}`, () => tool("tsc", ["--noEmit", "--incremental", "false", "-p", folder])),
  ),
];

const suites: Record<string, TestStep[]> = {
  check: checks,
  e2e: [journeys()],
  chaos: [vitest("chaos")],
  test: [...checks, vitest("unit"), vitest("integration"), journeys()],
};

const steps = suites[process.argv[2] ?? "test"] ?? [];
process.exit((await runSteps(steps, (text) => process.stdout.write(text))) ? 0 : 1);
