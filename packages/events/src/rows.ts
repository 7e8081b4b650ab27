import type { EvaluationsEvent, ExposureEvent, TelltaleEvent, TrackEvent } from "@telltale/evaluator";

/** An event with what the edge knows about it. Project and environment are keys. */
export interface ScopedEvent {
  project: string;
  environment: string;
  event: TelltaleEvent;
  receivedAt: Date;
}

export type Row = Record<string, string | number | null | Record<string, string>>;

/** Rows for each table. */
export interface Rows {
  exposures: Row[];
  tracks: Row[];
  evaluations: Row[];
}

/** Turns events, checked before, into rows. */
export function toRows(events: readonly ScopedEvent[]): Rows {
  const rows: Rows = { exposures: [], tracks: [], evaluations: [] };
  for (const scoped of events) {
    const { event } = scoped;
    const base: Row = {
      project: scoped.project,
      environment: scoped.environment,
      id: event.id,
      at: timestamp(new Date(event.time)),
      received: timestamp(scoped.receivedAt),
    };
    if (event.type === "exposure") rows.exposures.push(exposureRow(base, event));
    else if (event.type === "track") rows.tracks.push(...trackRows(base, event));
    else rows.evaluations.push(evaluationsRow(base, event));
  }
  return rows;
}

function exposureRow(base: Row, event: ExposureEvent): Row {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.attributes ?? {})) attributes[name] = String(value);
  const { experiment, flag, variant, unit, by, version } = event;
  return { ...base, experiment, flag, variant, unit, by, version, attributes };
}

/** One row a unit kind; an event without a unit keeps one, so that it is stored and counted. */
function trackRows(base: Row, event: TrackEvent): Row[] {
  const units = Object.entries(event.units);
  const properties = JSON.stringify(event.properties ?? {});
  const shared = { ...base, name: event.name, value: event.value ?? null, properties };
  return (units.length > 0 ? units : [["", ""]]).map(([by = "", unit = ""]) => ({ ...shared, by, unit }));
}

function evaluationsRow(base: Row, event: EvaluationsEvent): Row {
  const { flag, variant, rule, reason, version, count } = event;
  return { ...base, flag, variant, rule, reason, version, count };
}

/** ClickHouse's notation of a time in UTC, to the millisecond. */
export function timestamp(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "");
}
