import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Refusal, root } from "./settings.ts";

interface Build {
  app: string;
  /** Files and folders whose content decides whether it must be built again. */
  sources: string[];
}

/** Of an app, what people write; a build leaves files of its own beside. */
const written = (app: string) =>
  ["src", "next.config.ts", "package.json", "postcss.config.mjs", "tsconfig.json"].map((name) => `apps/${app}/${name}`);

const output = ".next/BUILD_ID";
const args = ["node_modules/next/dist/bin/next", "build"];

const builds: Build[] = [
  {
    app: "dashboard",
    sources: [...written("dashboard"), "packages", "prisma/schema", "pnpm-lock.yaml"],
  },
  {
    app: "storefront",
    sources: [...written("storefront"), "packages/sdk", "packages/react", "packages/evaluator", "pnpm-lock.yaml"],
  },
];

/**
 * Builds the dashboard and the storefront, each only when its sources changed since the last build.
 * @param publicUrl its path is built into the dashboard's links
 * @param signal ends a build that runs
 */
export async function buildApps(
  publicUrl: string | undefined,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const build of builds) {
    const folder = path.join(root, "apps", build.app);
    const stamp = path.join(folder, path.dirname(output), ".telltale-built");
    const basePath = build.app === "dashboard" && publicUrl ? new URL(publicUrl).pathname : "/";
    const wanted = fingerprint(root, build.sources, basePath);
    const built = fs.existsSync(path.join(folder, output)) && fs.existsSync(stamp);
    if (built && fs.readFileSync(stamp, "utf8") === wanted) continue;
    log(`Building the ${build.app} (once for each version) …`);
    if (signal.aborted) return;
    await runBuild(build, folder, publicUrl, signal);
    if (!signal.aborted) fs.writeFileSync(stamp, wanted);
  }
}

function runBuild({ app }: Build, cwd: string, publicUrl: string | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      NODE_ENV: "production" as const,
      NEXT_TELEMETRY_DISABLED: "1",
      PUBLIC_URL: publicUrl ?? "",
    };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    // The build has workers of its own: the whole group ends.
    const end = () => child.pid && process.kill(-child.pid, "SIGKILL");
    signal.addEventListener("abort", end);
    child.once("exit", () => signal.removeEventListener("abort", end));
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0 || signal.aborted) return resolve();
      const text = output.join("");
      if (/ENOSPC|no space left/i.test(text)) {
        return reject(new Refusal(`The disk filled up while building the ${app}: free some space and start again.`));
      }
      reject(new Refusal(`Building the ${app} failed:\n${text.trim().split("\n").slice(-30).join("\n")}`));
    });
  });
}

const ignored = new Set(["node_modules", ".next", "dist", ".turbo", "generated", "next-env.d.ts"]);

/** Changes with what is built, and with nothing that a build writes. */
export function fingerprint(folder: string, sources: string[], basePath: string): string {
  const hash = createHash("sha256").update(`${process.versions.node} ${basePath}`);
  for (const source of sources) addToHash(hash, folder, path.join(folder, source));
  return hash.digest("hex");
}

function addToHash(hash: ReturnType<typeof createHash>, folder: string, file: string) {
  if (ignored.has(path.basename(file)) || /\.test\.tsx?$|\.tsbuildinfo$/.test(file) || !fs.existsSync(file)) return;
  if (fs.statSync(file).isDirectory()) {
    for (const name of fs.readdirSync(file).sort()) addToHash(hash, folder, path.join(file, name));
    return;
  }
  hash.update(path.relative(folder, file)).update(fs.readFileSync(file));
}
