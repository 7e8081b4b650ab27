import type {
  EvaluationsEvent,
  ExposureEvent,
  ObservationsEvent,
  TelltaleEvent,
  TrackEvent,
} from "@telltale/evaluator";

/** An event with what the edge knows about it. */
export interface ScopedEvent {
  environmentId: string;
  event: TelltaleEvent;
  /** When the edge received it, milliseconds since 1970. */
  receivedMs: number;
  /** When it happened by the edge's clock; without it, the event's own time is believed. */
  atMs?: number;
  /** Name and version of the sender, like `js/0.1.0`. */
  sdk?: string;
}

/** What events say, each kind in a table of its own. */
export const EVENT_KINDS = ["exposure", "track", "evaluation", "observation"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Columns in the order of the encoded fields; what is not here has a default, and so has what a line leaves out at its
 * end: new columns are appended, so that lines that waited in a spool since an older release are read too.
 */
export const COLUMNS: Record<EventKind, readonly string[]> = {
  exposure: "environmentId id at clock received experiment flag variant unit by version attributes".split(" "),
  track: "environmentId id at clock received name value properties by unit others".split(" "),
  evaluation: "environmentId id at clock received flag variant rule reason version count sdk".split(" "),
  observation:
    "environmentId id at clock received flag rule variant version metric count sum squares halvings units".split(" "),
};

/** Events as the lines that ClickHouse reads, by kind: what waits, what is spooled and what is inserted. */
export interface EncodedEvents {
  events: number;
  lines: Record<EventKind, Uint8Array>;
  /** Of the release before, from a spool: lines begin with the keys of project and environment, not with an id. */
  isByKeys?: boolean;
}

/**
 * Turns events, checked before, into tab-separated lines, which are cheaper to write and to read than JSON; the same
 * bytes travel to the store or wait on disk.
 */
export function encodeEvents(events: readonly ScopedEvent[]): EncodedEvents {
  let exposure = "";
  let track = "";
  let evaluation = "";
  let observation = "";
  for (const scoped of events) {
    const { event } = scoped;
    const base = baseOf(scoped);
    if (event.type === "exposure") exposure += exposureLine(base, event);
    else if (event.type === "track") track += trackLines(base, event);
    else if (event.type === "evaluations") evaluation += evaluationLine(base, event, scoped.sdk ?? "");
    else observation += observationLine(base, event);
  }
  const lines = {
    exposure: bytes(exposure),
    track: bytes(track),
    evaluation: bytes(evaluation),
    observation: bytes(observation),
  };
  return { events: events.length, lines };
}

/** Size of encoded events, bytes. */
export function countEncodedBytes({ lines }: EncodedEvents): number {
  return EVENT_KINDS.reduce((sum, kind) => sum + lines[kind].byteLength, 0);
}

const EMPTY = new Uint8Array();
const bytes = (text: string) => (text === "" ? EMPTY : Buffer.from(text, "utf8"));

/** Nothing happens after it was received, whatever the sender's clock says. */
function baseOf({ environmentId, event, receivedMs, atMs }: ScopedEvent): string {
  const clockMs = Date.parse(event.time);
  const at = timestamp(Math.min(atMs ?? clockMs, receivedMs));
  return `${field(environmentId)}\t${field(event.id)}\t${at}\t${timestamp(clockMs)}\t${timestamp(receivedMs)}`;
}

function exposureLine(base: string, event: ExposureEvent): string {
  const { experiment, flag, variant, unit, by, version, attributes } = event;
  return `${base}\t${field(experiment)}\t${field(flag)}\t${field(variant)}\t${field(unit)}\t${field(by)}\t${version}\t${map(attributes)}\n`;
}

/** One line a unit kind, with the others at its end; an event without a unit keeps one, so that it is stored and counted. */
function trackLines(base: string, event: TrackEvent): string {
  const properties = event.properties === undefined ? "{}" : field(JSON.stringify(event.properties));
  const start = `${base}\t${field(event.name)}\t${event.value ?? "\\N"}\t${properties}`;
  let lines = "";
  const units = Object.entries(event.units);
  for (const [by, unit] of units) {
    const others = units.length === 1 ? "" : `\t${map(Object.fromEntries(units.filter(([other]) => other !== by)))}`;
    lines += `${start}\t${field(by)}\t${field(unit)}${others}\n`;
  }
  return lines === "" ? `${start}\t\t\n` : lines;
}

function evaluationLine(base: string, event: EvaluationsEvent, sdk: string): string {
  const { flag, variant, rule, reason, version, count } = event;
  return `${base}\t${field(flag)}\t${field(variant)}\t${field(rule)}\t${field(reason)}\t${version}\t${count}\t${field(sdk)}\n`;
}

/** Nobody new or failing is an empty sketch; what has no values has no sums. */
function observationLine(base: string, event: ObservationsEvent): string {
  const { flag, rule, variant, version, metric, count, sum, squares, units } = event;
  const arm = `${field(flag)}\t${field(rule)}\t${field(variant)}\t${version}`;
  const sums = `${sum ?? "\\N"}\t${squares ?? "\\N"}`;
  return `${base}\t${arm}\t${field(metric)}\t${count}\t${sums}\t${units?.halvings ?? 0}\t[${units?.units ?? ""}]\n`;
}

/** A Map(String, String): its texts are quoted, and escaped once, not twice. */
function map(attributes: ExposureEvent["attributes"]): string {
  if (attributes === undefined) return "{}";
  let text = "";
  for (const name in attributes) {
    text += `${text === "" ? "" : ","}${quoted(name)}:${quoted(String(attributes[name]))}`;
  }
  return `{${text}}`;
}

const quoted = (text: string) => `'${field(text).replaceAll("'", "\\'")}'`;

const SPECIAL = /[\\\0\b\f\n\r\t]/;
const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "\0": "\\0",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function field(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(/[\\\0\b\f\n\r\t]/g, (character) => ESCAPES[character] ?? "");
}

/** Years that a sender's clock may claim; others are stored as the nearest. Keeps the seconds at 9 or 10 digits, which ClickHouse takes for nothing else. */
const CLOCK_MIN_MS = Date.UTC(2000, 0, 1);
const CLOCK_MAX_MS = Date.UTC(2200, 0, 1);

/** Seconds since 1970 to the millisecond; NaN, which no checked event has, becomes the earliest. */
function timestamp(ms: number): string {
  const text = String(ms >= CLOCK_MIN_MS ? Math.trunc(Math.min(ms, CLOCK_MAX_MS)) : CLOCK_MIN_MS);
  return `${text.slice(0, -3)}.${text.slice(-3)}`;
}
