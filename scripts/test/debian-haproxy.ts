import fs from "node:fs";
import { apt } from "./debian-postgres.ts";

const file = "/usr/sbin/haproxy";

/**
 * A HAProxy for the test of rolling restarts: the one that is there, or Debian's, installed when root. Undefined where
 * there is none and none can be installed; that test then fails and says so.
 */
export async function ensureHaproxy(): Promise<string | undefined> {
  const found = [process.env.HAPROXY, file].find((path) => path && fs.existsSync(path));
  if (found) return found;
  return apt("haproxy") && fs.existsSync(file) ? file : undefined;
}
