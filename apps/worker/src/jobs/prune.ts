import { pruneRulesets } from "@telltale/control";
import type { Database } from "@telltale/db";
import type { Logger } from "pino";

const EVERY_MS = 3_600_000;
/** Of each environment so many versions stay, and all of the last month. */
const KEEP_VERSIONS = 500;
const KEEP_MS = 30 * 86_400_000;

/** Removes versions of rulesets that nothing needs any more, once an hour however often it is called. */
export function createPruning(database: Database, now: () => Date, log: Pick<Logger, "info">): () => Promise<void> {
  let next = 0;
  return async () => {
    const at = now().getTime();
    if (at < next) return;
    const rows = await pruneRulesets(database, { versions: KEEP_VERSIONS, since: new Date(at - KEEP_MS) });
    next = at + EVERY_MS;
    if (rows > 0) log.info({ rows }, "versions of rulesets that nothing needs any more were removed");
  };
}
