import { setTimeout } from "node:timers/promises";
import type { KeyInfo } from "@telltale/ruleset/read";
import { tenantOf } from "../keys/tenant.ts";
import type { EdgeLimits } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import { problem } from "../problem.ts";
import { Bodies } from "./bodies.ts";
import { Crowd, type Crowded, WORTH } from "./crowd.ts";
import { retryAfter } from "./retry-after.ts";
import { Shares } from "./shares.ts";
import { TokenBuckets } from "./token-buckets.ts";
import { TurnQueue } from "./turn-queue.ts";

/** What a request is about, from the first to be sent away to the last. */
export type Kind = Crowded | "stream";

/** How many times as late the event loop may be before a kind is sent away whatever it is busy with. */
const PATIENCE: Record<Kind, number> = { events: 4, ruleset: 6, stream: 10 };

export interface Admission {
  /** The answer that sends a request away, or undefined: let it in. Costs next to nothing. */
  refuse(kind: Kind, key: KeyInfo): Response | Promise<Response> | undefined;
  /** The same for the events of a batch, once they are counted. */
  refuseEvents(key: KeyInfo, events: number): Response | undefined;
  /** The answer when there is no turn or no memory left for a batch. */
  busy(reason: "turns" | "memory"): Response;
  readonly turns: TurnQueue;
  readonly bodies: Bodies;
}

/** Decides who comes in: each key at its rate, and all together as much as the process can serve. */
export function createAdmission(options: {
  limits: EdgeLimits;
  metrics: Metrics;
  now: () => number;
  loopLagMs: () => number;
}): Admission {
  const { limits, metrics, now, loopLagMs } = options;
  const requests = new TokenBuckets(limits.keyRequestsPerSecond, now);
  const events = new TokenBuckets(limits.keyEventsPerSecond, now);
  const turns = new TurnQueue(limits.pendingBatches);
  const bodies = new Bodies(limits.pendingBytes);
  const crowd = new Crowd(now);
  const shares = new Shares(now);
  const shed = (reason: string, answer: Response) => {
    metrics.count("telltale_edge_shed_total", { reason });
    return answer;
  };
  const busy = (reason: "turns" | "memory" | "lag") =>
    shed(
      reason,
      problem("busy", "This edge has more work than it can do. Send the request again.", {
        "retry-after": retryAfter(1),
      }),
    );
  const tooMany = (what: string, perSecond: number, waitSeconds: number) =>
    shed(
      what,
      problem("too-many-requests", `This key may send ${perSecond} ${what} a second. Send this again later.`, {
        "retry-after": retryAfter(Math.max(1, Math.ceil(waitSeconds))),
      }),
    );
  /** Answered late: whoever does not wait by itself waits here, where it costs nothing. */
  const moreThanItsShare = async () => {
    await setTimeout(limits.sharesDelayMs);
    const detail =
      "This edge is busy, and your organisation asks for more than its share of it. Send this again later.";
    return shed("share", problem("too-many-requests", detail, { "retry-after": retryAfter(1) }));
  };
  return {
    turns,
    bodies,
    busy,
    refuse(kind, key) {
      const wait = requests.take(key.id, 1);
      if (wait > 0) return tooMany("requests", limits.keyRequestsPerSecond, wait);
      const lagMs = loopLagMs();
      const tenant = tenantOf(key);
      shares.add(tenant, kind === "events" ? WORTH.events : WORTH.ruleset);
      // Long before everybody is sent away: who asks for most gives way, and the others notice nothing.
      if (lagMs > limits.sharesLagMs && shares.isGreedy(tenant)) return moreThanItsShare();
      if (kind !== "stream") crowd.add(kind);
      // Who floods one path does not close the other.
      const isFlooding = lagMs > limits.loopLagMs && kind !== "stream" && crowd.isMostly(kind);
      if (isFlooding || lagMs > limits.loopLagMs * PATIENCE[kind]) return busy("lag");
      if (kind !== "events") return undefined;
      if (turns.isFull) return busy("turns");
      return bodies.isFull ? busy("memory") : undefined;
    },
    refuseEvents(key, count) {
      const wait = events.take(key.id, count);
      return wait > 0 ? tooMany("events", limits.keyEventsPerSecond, wait) : undefined;
    },
  };
}
