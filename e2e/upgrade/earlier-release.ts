import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The release whose data folders are brought up to date. */
export const EARLIER = "93713e2";

/** Whether the commit is in this clone's history, which a shallow one cuts. */
export function hasEarlierRelease(): boolean {
  try {
    execFileSync("git", ["cat-file", "-e", `${EARLIER}^{commit}`], { cwd: root, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Puts the files of the earlier release into a folder of their own. @returns the folder */
export function checkOutEarlierRelease(within: string): string {
  const folder = path.join(within, "earlier-release");
  mkdirSync(folder);
  const archive = path.join(within, "earlier-release.tar");
  execFileSync("git", ["archive", "--output", archive, EARLIER], { cwd: root });
  execFileSync("tar", ["-xf", archive, "-C", folder]);
  // Its dependencies are looked for from the folder that git knows it by.
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  return folder;
}
