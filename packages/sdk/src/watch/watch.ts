import {
  type Evaluation,
  type EvaluationContext,
  prepareSubject,
  type Subject,
  unitOf,
  type Watched,
} from "@telltale/evaluator";
import { sketchHash } from "@telltale/evaluator/sketch";
import type { Client } from "../client.ts";
import { unitAround } from "../evaluate/unit.ts";
import { createBooks, type ServedArm } from "./books.ts";

/** A client that watches flags under release. */
export interface WatchedClient extends Client {
  /**
   * Books an observation to what was served here of each flag under release. Without a value it is a failure of its unit,
   * as `observe("error")`; with one it fails where the release says that the value is too high, as
   * `observe("latency", 312)`. Does nothing where nothing is watched, and never throws.
   */
  observe(metric: string, value?: number): void;
}

/** The arms that observations are booked to. */
export type WatchScope = Map<string, ServedArm>;

/** Where and when a watching client does its work. */
export interface WatchParts {
  /** The scope of whoever asks now, if there is one. */
  scope(): WatchScope | undefined;
  /** Arms with the same key take each other's place in a scope: the latest stays. */
  keyOf(flag: string, unit: number): string;
  /** Runs `work` once after `delayMs`; the answer cancels it. */
  schedule(work: () => void, delayMs: number): () => void;
}

/** A watching client, and how to have it report at once. */
export interface Watching {
  watched: WatchedClient;
  report(): void;
}

const SCOPE_MAX = 100;
/** How often is reported while somebody watches. */
const FAST_LANE_MS = 1_000;
const METRIC_MAX = 128;

/** A timer that keeps no process alive. */
export function scheduleQuietly(work: () => void, delayMs: number): () => void {
  const timer: unknown = setTimeout(work, delayMs);
  (timer as { unref?: () => void }).unref?.();
  return () => clearTimeout(timer as number);
}

export function watch(client: Client, { scope, keyOf, schedule }: WatchParts): Watching {
  const books = createBooks();
  let disarm = () => {};
  let dueMs = Number.POSITIVE_INFINITY;
  const report = quietly(() => {
    disarm();
    dueMs = Number.POSITIVE_INFINITY;
    books.close(client.report);
  });
  const hints = () => client.ruleset()?.hints;
  /** Makes sure that what was booked is reported soon enough. */
  const arm = () => {
    const { fastLane, flushIntervalMs = 0 } = hints() ?? {};
    const delayMs = fastLane ? FAST_LANE_MS : flushIntervalMs;
    if (delayMs >= dueMs) return;
    disarm();
    dueMs = delayMs;
    disarm = schedule(report, delayMs);
  };
  const expose = quietly(
    (how: Watched, flag: string, evaluation: Evaluation, unitBy: (by: string) => number | undefined) => {
      const unit = unitBy(how.by);
      if (unit === undefined) return;
      const arms = scope();
      const key = keyOf(flag, unit);
      const { variant = "", rule = "", version } = evaluation;
      if (!isServedByRule(evaluation)) return void arms?.delete(key);
      const served = { flag, rule, variant, version, unit };
      if (arms && (arms.size < SCOPE_MAX || arms.has(key))) arms.set(key, served);
      books.expose(served);
      arm();
    },
  );
  const watched: WatchedClient = {
    ...client,
    for(context) {
      const unit = client.for(context);
      const unitBy = hashing(context, !!hints()?.watched);
      return unitAround(unit, {
        peek: unit.peek.bind(unit),
        evaluate(flag, fallback) {
          const evaluation = unit.evaluate(flag, fallback);
          const how = hints()?.watched?.[flag];
          if (how) expose(how, flag, evaluation, unitBy);
          return evaluation;
        },
      });
    },
    observe: quietly((metric: string, value?: number) => {
      const flags = hints()?.watched;
      if (!flags || !isMetric(metric) || !Number.isFinite(value ?? 0)) return;
      for (const served of scope()?.values() ?? []) {
        const how = flags[served.flag];
        if (!how) continue;
        const isFailure = value === undefined || value > (how.above?.[metric] ?? everyOne(metric));
        books.observe(served, metric, value, isFailure);
        arm();
      }
    }),
    flush() {
      report();
      return client.flush();
    },
    close() {
      report();
      return client.close();
    },
  };
  return { watched, report };
}

/** Watching must not disturb what is watched. */
function quietly<A extends unknown[]>(work: (...given: A) => void): (...given: A) => void {
  return (...given) => {
    try {
      work(...given);
    } catch {
      // What was not booked is not known; what could not be reported waits for the next time.
    }
  };
}

/** `exposed` is ours. */
const isMetric = (name: unknown) =>
  typeof name === "string" && !!name && name.length <= METRIC_MAX && name !== "exposed";

/** Neither by default, nor while off, nor as an individual target, which no release reaches. */
function isServedByRule({ variant, rule, reason }: Evaluation): boolean {
  return variant !== undefined && reason !== "DISABLED" && (rule !== undefined || reason !== "TARGETING_MATCH");
}

/** The hash of a context's unit, worked out once; copies the context now, or when it is first asked. */
function hashing(context: EvaluationContext, now: boolean): (by: string) => number | undefined {
  const hashes: Record<string, number | undefined> = Object.create(null);
  let subject: Subject | undefined;
  const copy = () => {
    subject ??= prepareSubject(context);
    return subject;
  };
  if (now) quietly(copy)();
  return (by) => {
    if (!(by in hashes)) {
      const { text } = unitOf(copy(), by) ?? {};
      hashes[by] = text === undefined ? undefined : sketchHash(text);
    }
    return hashes[by];
  };
}

/** Without a threshold every observation is a failing one, but for latencies, which all requests have. */
function everyOne(metric: string): number {
  return metric === "latency" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
