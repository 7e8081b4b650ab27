import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "../launch/settings.ts";

/** One thing that must hold. */
export interface TestStep {
  name: string;
  run(): Promise<StepResult>;
}

export interface StepResult {
  passed: number;
  failed: number;
  /** Tests that did not run. */
  skipped?: number;
  /** Shown when something failed. */
  output: string;
  /** What failed, by name, where the step knows it. */
  failures?: readonly string[];
  /** What is skipped where it stands, by name. */
  skips?: readonly string[];
}

export interface CommandResult {
  code: number;
  output: string;
}

/** Runs Node with these arguments in the repository's root and collects what it prints. */
export function node(args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return command(process.execPath, args, env);
}

/** Runs a dependency's command by its name in `node_modules/.bin`. */
export function tool(name: string, args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return command(path.join(root, "node_modules/.bin", name), args, env);
}

export function command(file: string, args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output: output.join("") }));
  });
}

/** A command that passes or fails as one. */
export function whole(name: string, run: () => Promise<CommandResult>): TestStep {
  return {
    name,
    run: async () => {
      const { code, output } = await run();
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
    },
  };
}
