import { existsSync } from "node:fs";
import { chown, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brokenData, diskFull, EmbeddedError } from "../embedded-error.ts";
import { runProcess } from "../processes.ts";
import { majorVersion } from "./binaries.ts";
import { lastReason } from "./diagnosis.ts";
import type { Home } from "./home.ts";
import { USER } from "./postmaster.ts";

/**
 * Makes the cluster if there is none, and refuses one that these programs cannot open.
 * A new cluster is made under another name and renamed when complete: a kill leaves none rather than half of one.
 */
export async function prepareCluster(home: Home, password: string): Promise<void> {
  if (await isMissing(home.cluster)) return makeCluster(home, password);
  const version = await readFile(join(home.cluster, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version === undefined) throw brokenData(home.cluster, "it has no PG_VERSION file");
  const major = await majorVersion(home.binaries);
  if (version.trim() !== major) {
    throw brokenData(home.cluster, `it was made by PostgreSQL ${version.trim()}, and this is PostgreSQL ${major}`);
  }
}

/** True when nothing is lost by making a new cluster here. */
export async function isMissing(cluster: string): Promise<boolean> {
  return !existsSync(cluster) || (await readdir(cluster)).length === 0;
}

async function makeCluster(home: Home, password: string): Promise<void> {
  const next = `${home.cluster}.new`;
  const secret = `${home.cluster}.secret`;
  await rm(next, { recursive: true, force: true });
  await rm(secret, { force: true });
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  try {
    if (home.owner) await chown(secret, home.owner.uid, home.owner.gid);
    let made = await initialise(home, next, secret, "C.UTF-8");
    if (!made.ok && /locale/i.test(made.output)) {
      await rm(next, { recursive: true, force: true });
      made = await initialise(home, next, secret, "C");
    }
    if (!made.ok) throw failure(made.output, home.cluster);
    await rm(home.cluster, { recursive: true, force: true });
    await rename(next, home.cluster);
  } finally {
    await rm(secret, { force: true });
    await rm(next, { recursive: true, force: true });
  }
}

function initialise(home: Home, folder: string, secret: string, locale: string) {
  return runProcess(
    home.command(home.binaries.initdb, [
      `--pgdata=${folder}`,
      `--username=${USER}`,
      `--pwfile=${secret}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      `--locale=${locale}`,
      "--no-instructions",
    ]),
  );
}

function failure(output: string, cluster: string): EmbeddedError {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return diskFull(cluster);
  return new EmbeddedError(
    "start-failed",
    `PostgreSQL could not make its data folder ${cluster} (${lastReason(output)}): set DATABASE_URL to use another server.`,
  );
}
