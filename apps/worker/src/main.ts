import { applyDueChanges, keepWholes, republishOutdated, stepDueReleases, writeDocuments } from "@telltale/control";
import { openDatabase } from "@telltale/db";
import { openEventStore } from "@telltale/events";
import pino from "pino";
import { openAnalyses } from "./analysis/analyses.ts";
import { readEnv } from "./env.ts";
import { announce } from "./jobs/announce.ts";
import { observeBy } from "./jobs/observe.ts";
import { createPruning } from "./jobs/prune.ts";
import { isLeader } from "./leader.ts";
import { startLoop } from "./loop.ts";

/** Reads the settings, starts the jobs, and stops them on SIGTERM or SIGINT. */
function main() {
  const env = readEnv();
  const log = pino({ name: "worker", level: env.LOG_LEVEL });
  const database = openDatabase(env.DATABASE_URL, { poolSize: 4 });
  const leadership = openDatabase(env.DATABASE_URL, { poolSize: 1 });
  const events = openEventStore({ url: env.CLICKHOUSE_URL });
  const now = () => new Date();
  const analyses = openAnalyses({ database, events, now, log });
  const loop = startLoop(
    [
      { name: "analyse", everyMs: 1_000, run: analyses.tick },
      {
        name: "republish",
        everyMs: 60_000,
        run: async () => {
          const environments = await republishOutdated(database);
          if (environments.length > 0) log.info({ environments }, "rulesets of another release were published again");
        },
      },
      {
        name: "apply",
        everyMs: 500,
        run: async () => {
          const done = await applyDueChanges(database, now(), (err) => log.error({ err }, "a scheduled change failed"));
          if (done.applied + done.setAside > 0) log.info(done, "scheduled changes were applied or set aside");
        },
      },
      {
        name: "release",
        everyMs: 500,
        run: async () => {
          const moves = await stepDueReleases(database, observeBy(events), (err) =>
            log.error({ err }, "a release could not go on"),
          );
          if (moves > 0) log.info({ moves }, "releases went on");
        },
      },
      { name: "documents", everyMs: 1_000, run: async () => void (await writeDocuments(database)) },
      { name: "wholes", everyMs: 5_000, run: async () => void (await keepWholes(database)) },
      { name: "prune", everyMs: 60_000, run: createPruning(database, now, log) },
      { name: "announce", everyMs: 1_000, run: async () => void (await announce(database, now())) },
    ],
    () => isLeader(leadership),
    log,
  );
  log.info("worker started");

  const stop = async () => {
    await loop.stop();
    await analyses.stop();
    await Promise.all([database.$disconnect(), leadership.$disconnect(), events.close()]);
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

try {
  main();
} catch (error) {
  process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
