import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddedError } from "../embedded-error.ts";
import { type ProcessCommand, runProcess } from "../processes.ts";
import { type Binaries, binariesIn } from "./binaries.ts";

/** Where a cluster lives and how its programs are run there. */
export interface Home {
  /** The cluster itself. */
  cluster: string;
  binaries: Binaries;
  /** Who must own files that the programs read, when that is not the caller. */
  owner?: { uid: number; gid: number };
  command(program: string, args: string[]): ProcessCommand;
}

/** What the choice depends on, so that a test can choose otherwise. */
export interface HomeSurroundings {
  isRoot: boolean;
  /** Folder for clusters of root where user namespaces are refused; must be reachable for everyone. */
  shared: string;
  /** Can a program be run as another user of a new user namespace? */
  namespaces(program: string): Promise<boolean>;
}

const NOBODY = 65534;
const IN_NAMESPACE = ["--user", "--map-user=1000", "--map-group=1000"];

const here: HomeSurroundings = {
  isRoot: process.getuid?.() === 0,
  shared: "/var/lib/telltale",
  namespaces: async (program) =>
    (await runProcess({ file: "unshare", args: [...IN_NAMESPACE, program, "--version"] })).ok,
};

/**
 * PostgreSQL refuses to run as root. Root therefore runs it as a mapped user (files stay root's, any folder works);
 * where the machine refuses user namespaces, as `nobody` with the data and a copy of the programs in a shared folder.
 */
export async function chooseHome(
  dataDirectory: string,
  binaries: Binaries,
  surroundings: HomeSurroundings = here,
): Promise<Home> {
  const cluster = join(dataDirectory, "postgres");
  if (!surroundings.isRoot) return { cluster, binaries, command: (file, args) => ({ file, args }) };
  const shared = join(surroundings.shared, createHash("sha256").update(dataDirectory).digest("hex").slice(0, 16));
  const isShared = existsSync(join(shared, "postgres"));
  if (!isShared && (await surroundings.namespaces(binaries.postgres))) {
    const command = (file: string, args: string[]) => ({ file: "unshare", args: [...IN_NAMESPACE, file, ...args] });
    return { cluster, binaries, command };
  }
  if (!isShared && existsSync(cluster)) {
    throw new EmbeddedError(
      "no-rights",
      `PostgreSQL cannot run as root, and this machine refuses user namespaces, which ${cluster} was made with: start as a normal user that owns the folder, or set DATABASE_URL.`,
    );
  }
  return sharedHome(shared, binaries);
}

async function sharedHome(folder: string, binaries: Binaries): Promise<Home> {
  const native = join(folder, "native");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (!existsSync(native)) {
    const next = join(folder, "native.new");
    await rm(next, { recursive: true, force: true });
    await cp(binaries.native, next, { recursive: true, verbatimSymlinks: true });
    await own(next);
    await rename(next, native);
  }
  await chown(folder, NOBODY, NOBODY);
  return {
    cluster: join(folder, "postgres"),
    binaries: binariesIn(native),
    owner: { uid: NOBODY, gid: NOBODY },
    command: (file, args) => ({ file, args, uid: NOBODY, gid: NOBODY }),
  };
}

async function own(folder: string): Promise<void> {
  await chown(folder, NOBODY, NOBODY);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await own(path);
    else if (entry.isFile()) await chown(path, NOBODY, NOBODY);
  }
}
