import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const versions = "/usr/lib/postgresql";

/**
 * Folder with the binaries of a PostgreSQL that is not ours, for the tests that prove the product against one:
 * Debian's, installed when root. Undefined where there is none and none can be installed; those tests then fail and
 * say so.
 */
export async function ensureDebianPostgres(): Promise<string | undefined> {
  return find() ?? (apt("postgresql") ? find() : undefined);
}

function find(): string | undefined {
  if (!fs.existsSync(versions)) return undefined;
  const folders = fs.readdirSync(versions).map((version) => path.join(versions, version, "bin"));
  return folders.findLast((folder) => fs.existsSync(path.join(folder, "postgres")));
}

/** Installs a Debian package when root on Debian; answers whether that worked. */
export function apt(name: string): boolean {
  if (process.getuid?.() !== 0 || !fs.existsSync("/usr/bin/apt-get")) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["update"], { stdio: "ignore", env, timeout: 180_000 });
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", name], {
      stdio: "ignore",
      env,
      timeout: 600_000,
    });
    return true;
  } catch {
    return false;
  }
}
