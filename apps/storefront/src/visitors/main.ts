import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "@telltale/sdk";
import { EXPOSURE_ATTRIBUTES } from "../visitor.ts";
import { progressLine, saveCounts, summary, type VisitCounts } from "./counts.ts";
import { readEnv } from "./env.ts";
import { parseOptions } from "./options.ts";
import { deliveryOf, runVisitors } from "./run.ts";

const MAX_QUEUE = 20_000;

function leave(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const parsed = parseOptions(process.argv.slice(2), () => randomUUID().slice(0, 8));
  if ("help" in parsed) {
    process.stdout.write(parsed.help);
    return;
  }
  if ("sentence" in parsed) leave(parsed.sentence);
  const env = readEnv();
  if ("sentence" in env) leave(env.sentence);
  const { options } = parsed;

  const client = createClient({
    key: env.serverKey,
    url: env.edgeUrl,
    maxQueue: MAX_QUEUE,
    flushIntervalMs: 200,
    exposureAttributes: EXPOSURE_ATTRIBUTES,
  });
  let latest: VisitCounts | undefined;
  const save = (counts: VisitCounts) => {
    if (options.json === undefined) return;
    try {
      saveCounts(options.json, counts);
    } catch (error) {
      leave(`--json ${options.json} cannot be written: ${error instanceof Error ? error.message : error}`);
    }
  };
  // Saved at each acknowledgement, so that the file is never far behind what the edge has promised.
  client.on("delivery", () => {
    if (latest) save({ ...latest, events: deliveryOf(client) });
  });
  let trouble = "";
  client.on("error", (error) => {
    trouble = error.message;
  });
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interrupted) process.exit(130);
      interrupted = true;
    });
  }

  let shown = performance.now();
  const counts = await runVisitors(options, {
    client,
    maxQueue: MAX_QUEUE,
    now: () => performance.now(),
    pause,
    interrupted: () => interrupted,
    onTurn(now, waiting) {
      latest = now;
      if (performance.now() - shown < 1_000) return;
      shown = performance.now();
      const cause = waiting && trouble !== "" ? ` (${trouble})` : "";
      process.stdout.write(`${progressLine(now, options.people, waiting)}${cause}\n`);
      trouble = "";
    },
  });
  // After an interruption this gives the last events up to five seconds; what is left then counts as dropped.
  await client.close();
  counts.events = deliveryOf(client);
  save(counts);
  process.stdout.write(summary(counts));
  const { refused, dropped } = counts.events;
  process.exit(interrupted ? 130 : refused + dropped > 0 ? 1 : 0);
}

await main();
