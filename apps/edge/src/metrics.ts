/** What is counted and measured, in Prometheus' text format, one instance an edge. */
export interface Metrics {
  /** Adds to a counter; labels must come from a small closed set. */
  count(name: CounterName, labels?: Record<string, string>, by?: number): void;
  /** Puts a duration, seconds, into a histogram. */
  observe(name: HistogramName, labels: Record<string, string>, seconds: number): void;
  /** The page for GET /metrics. */
  text(): string;
}

const COUNTERS = {
  telltale_edge_http_requests_total: "Answers by route and status.",
  telltale_edge_events_total: "Events by result: accepted, refused.",
  telltale_edge_reused_ids_total: "Events refused since their id came lately with another unit.",
  telltale_edge_inserts_total: "Inserts into the event store by result: ok, failed.",
  telltale_edge_inserted_events_total: "Events written to the event store.",
  telltale_edge_insert_seconds_total: "Time spent in inserts.",
  telltale_edge_shed_total: "Requests sent away by reason: requests, events (429), turns, memory, lag (503).",
  telltale_edge_spooled_events_total: "Events written to the spool, since the event store did not take them.",
  telltale_edge_replayed_events_total: "Events brought from the spool into the event store.",
  telltale_edge_set_aside_events_total: "Events that the event store cannot read, kept in the spool's folder.",
  telltale_edge_spool_damaged_bytes_total: "Bytes of the spool that are no whole record.",
  telltale_edge_pushes_total: "Ruleset frames written to streams.",
  telltale_edge_streams_dropped_total: "Streams ended by the edge, by reason: slow, revoked, age, drain.",
} as const;

/** With the upper bounds of the buckets, seconds. */
const HISTOGRAMS = {
  telltale_edge_http_request_seconds: {
    help: "Time to answer by route; of a stream, until it stands.",
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  telltale_edge_propagation_seconds: {
    help: "From a change in the control plane to its frame written to every stream.",
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600],
  },
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

/** Values read when the page is asked for; a list has one for each set of labels. */
export type Gauges = Record<
  string,
  { help: string; read: () => number | { labels: Record<string, string>; value: number }[] }
>;

interface Buckets {
  labels: Record<string, string>;
  /** How many fell into each bucket, the last one being endless. */
  counts: number[];
  sum: number;
}

function labelText(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/[\\"\n]/g, "_")}"`);
  return parts.length > 0 ? `{${parts.join(",")}}` : "";
}

export function createMetrics(gauges: Gauges): Metrics {
  const counters = new Map<CounterName, Map<string, number>>();
  const histograms = new Map<HistogramName, Map<string, Buckets>>();
  return {
    count(name, labels = {}, by = 1) {
      const series = entry(counters, name, () => new Map<string, number>());
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    observe(name, labels, seconds) {
      const { bounds } = HISTOGRAMS[name];
      const series = entry(histograms, name, () => new Map<string, Buckets>());
      const buckets = entry(series, labelText(labels), () => ({
        labels,
        sum: 0,
        counts: Array<number>(bounds.length + 1).fill(0),
      }));
      const found = bounds.findIndex((bound) => seconds <= bound);
      const index = found === -1 ? bounds.length : found;
      buckets.counts[index] = (buckets.counts[index] ?? 0) + 1;
      buckets.sum += seconds;
    },
    text() {
      const lines: string[] = [];
      for (const [name, help] of Object.entries(COUNTERS)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        for (const [labels, value] of counters.get(name as CounterName) ?? []) lines.push(`${name}${labels} ${value}`);
      }
      for (const [name, { help, bounds }] of Object.entries(HISTOGRAMS)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} histogram`);
        const series = histograms.get(name as HistogramName) ?? new Map<string, Buckets>();
        for (const buckets of series.values()) lines.push(...histogramLines(name, bounds, buckets));
      }
      for (const [name, { help, read }] of Object.entries(gauges)) {
        const values = read();
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
        if (typeof values === "number") lines.push(`${name} ${values}`);
        else for (const { labels, value } of values) lines.push(`${name}${labelText(labels)} ${value}`);
      }
      return `${lines.join("\n")}\n`;
    },
  };
}

function histogramLines(name: string, bounds: readonly number[], { labels, counts, sum }: Buckets): string[] {
  let total = 0;
  const lines = counts.map((count, index) => {
    total += count;
    return `${name}_bucket${labelText({ ...labels, le: String(bounds[index] ?? "+Inf") })} ${total}`;
  });
  return [...lines, `${name}_sum${labelText(labels)} ${sum}`, `${name}_count${labelText(labels)} ${total}`];
}

/** What a map has under a key, made at the first asking. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
