import { register } from "tsx/esm/api";

/** Of the bench: holds one environment as an edge does, and says which audience has a newer ruleset. */
register();
const { openRulesetReader } = await import("../src/read/index.ts");
const [databaseUrl, environmentId] = process.argv.slice(2);
let isReady = false;
const reader = await openRulesetReader({
  databaseUrl,
  sweepIntervalMs: 3_600_000,
  onRuleset: ({ audience }) => isReady && process.send(audience),
});
await Promise.all(["server", "client"].map((audience) => reader.activate?.(environmentId, audience)));
isReady = true;
process.send("ready");
