import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

export const PNPM = "pnpm@12.21.0";
const NEEDED_BYTES = 3 * 1024 ** 3;

/**
 * Installs the dependencies and generates the database client, unless exactly these are there already.
 * @param {string} root repository
 * @returns {Promise<string | undefined>} what to do when it did not work
 */
export async function install(root) {
  const stamp = path.join(root, "node_modules", ".telltale-installed");
  const wanted = fingerprint(root);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return undefined;
  const space = freeBytes(root);
  if (space < NEEDED_BYTES) {
    return `Only ${(space / 1024 ** 3).toFixed(1)} GB are free on the disk that holds ${root}, and the dependencies need 3 GB: free some space and run the command again.`;
  }
  process.stderr.write("Getting the dependencies (once, about half a minute) …\n");
  const lockfile = fs.existsSync(path.join(root, "pnpm-lock.yaml")) ? ["--frozen-lockfile"] : [];
  const installed = npx(root, ["install", "--reporter=append-only", ...lockfile]);
  if (installed.status !== 0) return explain(installed);
  const generated = npx(root, ["--filter", "@telltale/prisma", "exec", "prisma", "generate"]);
  if (generated.status !== 0) return explain(generated);
  fs.writeFileSync(stamp, wanted);
  return undefined;
}

/** Changes when the lockfile, a package.json, the database schema or Node's ABI changes. */
function fingerprint(root) {
  const hash = createHash("sha256").update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  const files = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "package.json",
    "prisma/package.json",
    "scripts/package.json",
    "e2e/package.json",
  ];
  for (const group of ["packages", "apps"]) {
    for (const name of fs.readdirSync(path.join(root, group)).sort()) files.push(`${group}/${name}/package.json`);
  }
  for (const name of fs.readdirSync(path.join(root, "prisma/schema")).sort()) files.push(`prisma/schema/${name}`);
  for (const file of files) {
    const full = path.join(root, file);
    if (fs.existsSync(full)) hash.update(file).update(fs.readFileSync(full));
  }
  return hash.digest("hex");
}

function freeBytes(folder) {
  const { bavail, bsize } = fs.statfsSync(folder);
  return bavail * bsize;
}

/** pnpm through npx: works without a global pnpm, and from the cache afterwards. */
function npx(root, args) {
  const command = process.platform === "win32" ? "npx.cmd" : "npx";
  return spawnSync(command, ["--yes", PNPM, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 ** 2,
    env: { ...process.env, CI: "true" },
  });
}

function explain({ error, stdout, stderr }) {
  const text = `${stdout ?? ""}\n${stderr ?? ""}`;
  const tail = text.trim().split("\n").slice(-15).join("\n");
  if (error?.code === "ENOENT") return "npx was not found: install npm (it comes with Node) and run the command again.";
  if (/ENOSPC|no space left/i.test(text))
    return "The disk filled up while installing: free about 3 GB and run the command again.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/i.test(text)) {
    return `The package registry cannot be reached: check the network or the proxy settings of npm and run the command again.\n${tail}`;
  }
  return `Installing the dependencies failed. What pnpm said last:\n${tail}`;
}
