import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { watchAncestors } from "./ancestors.mjs";
import { install } from "./install.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Each command, and the file that does it once dependencies are there. */
export const commands = {
  start: "scripts/launch/main.ts",
  dev: "scripts/launch/main.ts",
  visitors: "scripts/shop/visitors.ts",
  incident: "scripts/shop/incident.ts",
  test: "scripts/test/main.ts",
  check: "scripts/test/main.ts",
  e2e: "scripts/test/main.ts",
  chaos: "scripts/test/main.ts",
  hostile: "e2e/hostile/main.ts",
  upgrade: "e2e/upgrade/main.ts",
  audit: "scripts/audit/main.ts",
  migration: "scripts/migration.ts",
  format: "scripts/tool.ts",
  lint: "scripts/tool.ts",
  typecheck: "scripts/tool.ts",
  build: "scripts/tool.ts",
  packages: "scripts/tool.ts",
  simulate: "scripts/tool.ts",
};

/**
 * Gets the dependencies, then hands over to the command's file.
 * @param {string | undefined} command
 * @param {string[]} args
 */
export async function run(command, args) {
  const file = command && Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!file) {
    process.stderr.write(`Unknown command "${command}". Known: ${Object.keys(commands).join(", ")}.\n`);
    process.exit(1);
  }
  if (process.env.npm_config_user_agent?.startsWith("pnpm") === true) delete process.env.npm_config_user_agent;
  const refusal = await install(root);
  if (refusal) {
    process.stderr.write(`\n${refusal}\n\n`);
    process.exit(1);
  }
  const child = spawn(process.execPath, ["--import", "tsx", path.join(root, file), command, ...args], {
    cwd: root,
    // Over the channel the child learns that this process is gone, also when it was killed.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  // A terminal's Ctrl-C reaches the child by itself; a signal sent to this process only is passed on.
  process.on("SIGINT", () => undefined);
  for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill("SIGTERM"));
  // npm is killed without a word to what it started, or takes only the shell in between with it.
  const watch = process.env.npm_lifecycle_event ? watchAncestors(() => child.kill("SIGTERM")) : undefined;
  child.on("exit", () => clearInterval(watch));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
