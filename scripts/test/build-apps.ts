import { buildApps } from "../launch/build.ts";

/** Builds what `npm start` would build for this machine's own name, so that tests need not: each app once a version. */
const ended = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ended.abort());
try {
  await buildApps(undefined, (line) => process.stdout.write(`${line}\n`), ended.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
if (ended.signal.aborted) process.exitCode = 1;
