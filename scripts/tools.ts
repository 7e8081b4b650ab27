import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "./launch/settings.ts";

interface Tool {
  /** A room whose dependency the program is. */
  room: string;
  program: string;
  args: readonly string[];
}

/** Commands that are a dependency's program: they are run once the dependencies are there. */
export const tools: Readonly<Record<string, Tool>> = {
  format: { room: ".", program: "biome", args: ["check", "--write", "."] },
  lint: { room: ".", program: "biome", args: ["check", "."] },
  typecheck: { room: ".", program: "turbo", args: ["run", "typecheck"] },
  build: { room: ".", program: "turbo", args: ["run", "build"] },
  packages: {
    room: "scripts",
    program: "tsdown",
    args: ["--config", "pack/tsdown.config.mjs", "--config-loader", "native", "--logLevel", "warn"],
  },
  simulate: { room: "packages/analysis", program: "tsx", args: ["src/simulation/main.ts"] },
};

/** Where the program is. */
export function pathOf({ room, program }: Tool): string {
  return path.join(root, room, "node_modules/.bin", program);
}

/** Runs the command's program as it would run by hand, and ends as it ends. */
export function runTool(tool: Tool, args: readonly string[]): void {
  const child = spawn(pathOf(tool), [...tool.args, ...args], { cwd: path.join(root, tool.room), stdio: "inherit" });
  child.on("error", (error) => {
    process.stderr.write(`${tool.program} cannot be run: ${error.message}.\n`);
    process.exitCode = 1;
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}
