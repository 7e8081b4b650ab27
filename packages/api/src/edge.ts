/** What waits at an edge for the event store; or why that is not known, for people. */
export type Waiting = { known: true; events: number; spoolBytes: number } | { known: false; reason: string };

/** The edge as the dashboard knows it. */
export interface EdgeMonitor {
  /** Never rejects. */
  waiting(): Promise<Waiting>;
  /** Whether it answers at all. Never rejects. */
  answers(): Promise<boolean>;
}

export interface EdgeMonitorOptions {
  /** The edge's address; behind a balancer, one of the edges answers. */
  url: string;
  /** The edge's METRICS_TOKEN, where it has one. */
  metricsToken?: string | undefined;
  fetch?: typeof fetch;
}

/** People wait for the answer. */
const TIMEOUT_MS = 3_000;

/** Reads the edge's own figures, from its page for Prometheus. */
export function openEdgeMonitor({ url, metricsToken, fetch: ask = fetch }: EdgeMonitorOptions): EdgeMonitor {
  const home = url.replace(/\/$/, "");
  const headers: HeadersInit = metricsToken ? { authorization: `Bearer ${metricsToken}` } : {};
  return {
    answers: () =>
      ask(`${home}/livez`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
        () => true,
        () => false,
      ),
    async waiting() {
      try {
        const answer = await ask(`${home}/metrics`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
        return answer.ok ? read(await answer.text()) : refused(answer.status);
      } catch {
        return { known: false, reason: "The edge did not answer. SDKs keep their events and send them again." };
      }
    },
  };
}

function read(page: string): Waiting {
  const events = gauge(page, "telltale_edge_queued_events");
  const spoolBytes = gauge(page, "telltale_edge_spool_bytes");
  if (events !== undefined && spoolBytes !== undefined) return { known: true, events, spoolBytes };
  return { known: false, reason: "The edge did not say what waits. See that EDGE_URL is an edge of this release." };
}

function refused(status: number): Waiting {
  if (status !== 401)
    return { known: false, reason: `The edge did not say what waits: its /metrics answered ${status}.` };
  return { known: false, reason: "The edge asks for its METRICS_TOKEN: give it to the dashboard as well." };
}

function gauge(page: string, name: string): number | undefined {
  const value = Number(new RegExp(`^${name} (\\S+)$`, "m").exec(page)?.[1]);
  return Number.isFinite(value) ? value : undefined;
}
