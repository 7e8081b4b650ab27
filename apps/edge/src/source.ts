import { type Cause, openRulesetReader, type RulesetReader } from "@telltale/ruleset/read";
import type { Logger } from "pino";
import type { Edge } from "./app.ts";
import type { EdgeEnv } from "./env.ts";
import { openUpstream } from "./relay/upstream.ts";
import { type FoundSnapshot, keepSnapshots, readRulesetSnapshot } from "./snapshot/folder.ts";

export interface RulesetFeed extends RulesetReader {
  /** Changes from now on reach this edge. */
  pushTo(edge: Edge): void;
}

/**
 * Opens what rulesets and keys are read from, the control plane's database or another edge, over the snapshot on the
 * disk: with a snapshot the edge serves whatever else is dead.
 * @returns a sentence when there is nothing to serve
 */
export async function openSource(env: EdgeEnv, log: Logger): Promise<RulesetFeed | { sentence: string }> {
  const folder = env.SNAPSHOT_DIR;
  const found = folder === undefined ? undefined : await readRulesetSnapshot(folder).catch(refused);
  if (found && "refusal" in found) {
    log.warn({ folder, reason: found.refusal }, "the snapshot on the disk is refused and will be replaced");
  }
  let edge: Edge | undefined;
  let snapshots: ReturnType<typeof keepSnapshots> | undefined;
  const reader = await open(env, log, found, {
    onRuleset(ruleset, isFirst) {
      edge?.rulesetChanged(ruleset, isFirst);
      snapshots?.changed();
    },
    onRelease(ruleset) {
      edge?.rulesetReleased(ruleset);
      snapshots?.changed();
    },
    onKeys() {
      edge?.keysChanged();
      snapshots?.changed();
    },
  }).catch((error: unknown) => ({ sentence: sentenceFor(env, found, error) }));
  if ("sentence" in reader) return reader;
  if (folder !== undefined) {
    snapshots = keepSnapshots(
      folder,
      () => ({ catalogue: reader.catalogue(), asOf: reader.asOf() }),
      (error) => log.error({ err: error, folder }, "the snapshot could not be written"),
    );
    // A snapshot that is served by itself is already on the disk.
    if (reader.healthy()) snapshots.changed();
  }
  return {
    keyByHash: (hash) => reader.keyByHash(hash),
    current: (environmentId, audience) => reader.current(environmentId, audience),
    activate: (environmentId, audience) => reader.activate(environmentId, audience),
    catalogue: () => reader.catalogue(),
    healthy: () => reader.healthy(),
    asOf: () => reader.asOf(),
    pushTo(target) {
      edge = target;
    },
    async close() {
      await reader.close();
      await snapshots?.settled();
    },
  };
}

type Listeners = Pick<Parameters<typeof openUpstream>[0], "onRuleset" | "onRelease" | "onKeys">;

function open(env: EdgeEnv, log: Logger, found: FoundSnapshot, listeners: Listeners): Promise<RulesetReader> {
  const snapshot = found && "catalogue" in found ? found : undefined;
  const options = {
    ...listeners,
    initial: snapshot?.catalogue,
    initialAsOf: snapshot?.asOf,
    onBack: () => log.info({}, "what rulesets are read from answers again"),
  };
  const serving = snapshot ? { snapshotOf: new Date(snapshot.asOf).toISOString() } : {};
  if ("upstream" in env.origin) {
    const onAway = (error: unknown) =>
      log.warn({ err: error, ...serving }, "the upstream edge is away, serving the last rulesets");
    return openUpstream({ ...options, url: env.origin.upstream, token: env.origin.token, onAway });
  }
  return openRulesetReader({
    ...options,
    databaseUrl: env.origin.databaseUrl,
    sweepIntervalMs: env.SWEEP_INTERVAL_MS,
    idleMs: env.IDLE_ENVIRONMENT_MS,
    // Who feeds others does not learn what they are asked for.
    holdsAll: env.TELLTALE_RELAY_TOKENS.length > 0,
    onFault: (environmentId, error) =>
      log.error(
        { err: error, environmentId },
        "what is stored of an environment cannot be read, serving its last ruleset",
      ),
    onAway: (error) =>
      log.warn({ err: error, ...serving }, "the control plane's database is away, serving the last rulesets"),
    onFound(changes: number, cause: Cause) {
      if (cause === "sweep") log.warn({ changes }, "a sweep has found what no notification had told");
    },
  });
}

function refused(error: unknown): FoundSnapshot {
  return { refusal: `its folder cannot be used (${reasonOf(error)})` };
}

/** Why there is nothing to serve: both ways to something, and why each is closed. */
function sentenceFor(env: EdgeEnv, found: FoundSnapshot, error: unknown): string {
  const origin = "upstream" in env.origin ? "the edge at TELLTALE_UPSTREAM" : "the database at DATABASE_URL";
  const snapshot =
    env.SNAPSHOT_DIR === undefined
      ? ""
      : found && "refusal" in found
        ? `, and the snapshot in ${env.SNAPSHOT_DIR} is refused: ${found.refusal}`
        : `, and there is no snapshot in ${env.SNAPSHOT_DIR} yet`;
  return `The edge cannot start: ${origin} does not answer (${reasonOf(error)})${snapshot}. Start it first.`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : "";
  return [error.message, cause].filter((text) => text !== "").join(": ") || error.name;
}
