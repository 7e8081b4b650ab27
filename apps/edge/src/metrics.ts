/** A few counters and gauges in Prometheus' text format, one instance an edge. */
export interface Metrics {
  /** Adds to a counter; labels must come from a small closed set. */
  count(name: CounterName, labels?: Record<string, string>, by?: number): void;
  /** The page for GET /metrics. */
  text(): string;
}

const COUNTERS = {
  telltale_edge_http_requests_total: "Answers by route and status.",
  telltale_edge_events_total: "Events by result: accepted, refused.",
  telltale_edge_inserts_total: "Inserts into the event store by result: ok, failed.",
  telltale_edge_inserted_events_total: "Events written to the event store.",
  telltale_edge_insert_seconds_total: "Time spent in inserts.",
  telltale_edge_shed_total: "Requests sent away by reason: requests, events (429), turns, memory, lag (503).",
  telltale_edge_spooled_events_total: "Events written to the spool, since the event store did not take them.",
  telltale_edge_replayed_events_total: "Events brought from the spool into the event store.",
  telltale_edge_set_aside_events_total: "Events that the event store cannot read, kept in the spool's folder.",
  telltale_edge_spool_damaged_bytes_total: "Bytes of the spool that are no whole record.",
  telltale_edge_pushes_total: "Ruleset frames written to streams.",
  telltale_edge_streams_dropped_total: "Streams ended by the edge, by reason: slow, revoked.",
} as const;

export type CounterName = keyof typeof COUNTERS;

/** Values read when the page is asked for. */
export type Gauges = Record<string, { help: string; read: () => number }>;

function labelText(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/[\\"\n]/g, "_")}"`);
  return parts.length > 0 ? `{${parts.join(",")}}` : "";
}

export function createMetrics(gauges: Gauges): Metrics {
  const counters = new Map<CounterName, Map<string, number>>();
  return {
    count(name, labels = {}, by = 1) {
      let series = counters.get(name);
      if (!series) {
        series = new Map();
        counters.set(name, series);
      }
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    text() {
      const lines: string[] = [];
      for (const [name, help] of Object.entries(COUNTERS)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        for (const [labels, value] of counters.get(name as CounterName) ?? []) lines.push(`${name}${labels} ${value}`);
      }
      for (const [name, { help, read }] of Object.entries(gauges)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${read()}`);
      }
      return `${lines.join("\n")}\n`;
    },
  };
}
