import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Refusal, root } from "./settings.ts";

interface Build {
  app: string;
  /** Folders whose content decides whether it must be built again. */
  sources: string[];
}

const output = ".next/BUILD_ID";
const args = ["node_modules/next/dist/bin/next", "build"];

const builds: Build[] = [
  {
    app: "dashboard",
    sources: ["apps/dashboard", "packages", "prisma/schema", "pnpm-lock.yaml"],
  },
  {
    app: "storefront",
    sources: ["apps/storefront", "packages/sdk", "packages/react", "packages/evaluator", "pnpm-lock.yaml"],
  },
];

/** Builds the dashboard and the storefront, each only when its sources changed since the last build. */
export async function buildApps(log: (line: string) => void): Promise<void> {
  for (const build of builds) {
    const folder = path.join(root, "apps", build.app);
    const stamp = path.join(folder, path.dirname(output), ".telltale-built");
    const wanted = fingerprint(build.sources);
    const built = fs.existsSync(path.join(folder, output)) && fs.existsSync(stamp);
    if (built && fs.readFileSync(stamp, "utf8") === wanted) continue;
    log(`Building the ${build.app} (once for each version) …`);
    await runBuild(build, folder);
    fs.writeFileSync(stamp, wanted);
  }
}

function runBuild({ app }: Build, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) return resolve();
      const text = output.join("");
      if (/ENOSPC|no space left/i.test(text)) {
        return reject(new Refusal(`The disk filled up while building the ${app}: free some space and start again.`));
      }
      reject(new Refusal(`Building the ${app} failed:\n${text.trim().split("\n").slice(-30).join("\n")}`));
    });
  });
}

const ignored = new Set(["node_modules", ".next", "dist", ".turbo", "generated"]);

function fingerprint(sources: string[]): string {
  const hash = createHash("sha256").update(process.versions.node);
  for (const source of sources) addToHash(hash, path.join(root, source));
  return hash.digest("hex");
}

function addToHash(hash: ReturnType<typeof createHash>, file: string) {
  if (ignored.has(path.basename(file)) || /\.test\.tsx?$/.test(file)) return;
  if (fs.statSync(file).isDirectory()) {
    for (const name of fs.readdirSync(file).sort()) addToHash(hash, path.join(file, name));
    return;
  }
  hash.update(path.relative(root, file)).update(fs.readFileSync(file));
}
