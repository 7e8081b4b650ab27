import type {
  EvaluationsEvent,
  ExposureEvent,
  JsonValue,
  ObservationsEvent,
  TelltaleEvent,
  TrackEvent,
} from "@telltale/evaluator";
import { REPORT_UNITS, readSketch, type UnitSketch } from "@telltale/evaluator/sketch";
import { EVENT_LIMITS } from "../limits.ts";
import { parseTime, placeInTime, type Receipt } from "./clock.ts";
import { isCleanText, isObject, isWithinDepth } from "./text.ts";

/** Thrown inside this file only: the reason why an event is refused. */
class Refusal {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const MAX_INTEGER = 4_294_967_295;

function text(event: Record<string, unknown>, field: string, max: number, min = 1): string {
  const value = event[field];
  if (typeof value !== "string") throw new Refusal(`“${field}” must be a string.`);
  if (value.length < min || value.length > max) throw new Refusal(`“${field}” must have ${min} to ${max} characters.`);
  if (!isCleanText(value)) throw new Refusal(`“${field}” holds control characters or broken Unicode.`);
  return value;
}

function integer(event: Record<string, unknown>, field: string, min: number): number {
  const value = event[field];
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > MAX_INTEGER) {
    throw new Refusal(`“${field}” must be a whole number from ${min} to ${MAX_INTEGER}.`);
  }
  return value;
}

/** The sender's time and the edge's reading of it. */
function times(event: Record<string, unknown>, receipt: Receipt): { time: string; atMs: number } {
  const clockMs = parseTime(event.time);
  if (Number.isNaN(clockMs)) throw new Refusal("“time” must be ISO 8601 in UTC, like 2026-01-31T12:00:00.000Z.");
  const atMs = placeInTime(clockMs, receipt);
  if (typeof atMs !== "number") throw new Refusal(atMs.reason);
  return { time: String(event.time), atMs };
}

function checkName(name: string, field: string): void {
  if (name.length === 0 || name.length > EVENT_LIMITS.attributeName || !isCleanText(name) || name === "__proto__") {
    throw new Refusal(`A name in “${field}” is empty, too long or not allowed.`);
  }
}

function isAttributes(value: Record<string, unknown>): value is Record<string, string | number | boolean> {
  for (const [name, attribute] of Object.entries(value)) {
    checkName(name, "attributes");
    if (typeof attribute === "string") {
      if (attribute.length > EVENT_LIMITS.attributeValue || !isCleanText(attribute)) {
        throw new Refusal(
          `An attribute's text must be clean and have at most ${EVENT_LIMITS.attributeValue} characters.`,
        );
      }
    } else if (typeof attribute === "number" ? !Number.isFinite(attribute) : typeof attribute !== "boolean") {
      throw new Refusal("Attributes must be strings, finite numbers or booleans.");
    }
  }
  return true;
}

function attributes(event: Record<string, unknown>): ExposureEvent["attributes"] {
  const value = event.attributes;
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new Refusal("“attributes” must be an object.");
  if (Object.keys(value).length > EVENT_LIMITS.attributes) {
    throw new Refusal(`“attributes” may hold at most ${EVENT_LIMITS.attributes} entries.`);
  }
  return isAttributes(value) ? value : undefined;
}

function isUnits(value: Record<string, unknown>): value is Record<string, string> {
  for (const [name, unit] of Object.entries(value)) {
    checkName(name, "units");
    if (typeof unit !== "string" || unit.length === 0 || unit.length > EVENT_LIMITS.unit || !isCleanText(unit)) {
      throw new Refusal(`A unit's id must be clean text of 1 to ${EVENT_LIMITS.unit} characters.`);
    }
  }
  return true;
}

function units(event: Record<string, unknown>): Record<string, string> {
  const value = event.units;
  const count = isObject(value) ? Object.keys(value).length : 0;
  if (!isObject(value) || count === 0 || count > EVENT_LIMITS.units) {
    throw new Refusal(`“units” must be an object of 1 to ${EVENT_LIMITS.units} unit ids.`);
  }
  return isUnits(value) ? value : {};
}

function properties(event: Record<string, unknown>): Record<string, JsonValue> | undefined {
  const value = event.properties;
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new Refusal("“properties” must be an object.");
  if (!isWithinDepth(value, EVENT_LIMITS.propertiesDepth)) {
    throw new Refusal(`“properties” may nest at most ${EVENT_LIMITS.propertiesDepth} levels.`);
  }
  if (JSON.stringify(value).length > EVENT_LIMITS.properties) {
    throw new Refusal(`“properties” may have at most ${EVENT_LIMITS.properties} characters as JSON.`);
  }
  return value as Record<string, JsonValue>; // came out of JSON.parse
}

function exposure(event: Record<string, unknown>, id: string, at: string): ExposureEvent {
  const given = attributes(event);
  return {
    type: "exposure",
    id,
    time: at,
    experiment: text(event, "experiment", EVENT_LIMITS.name),
    flag: text(event, "flag", EVENT_LIMITS.name),
    variant: text(event, "variant", EVENT_LIMITS.name),
    unit: text(event, "unit", EVENT_LIMITS.unit),
    by: text(event, "by", EVENT_LIMITS.attributeName),
    version: integer(event, "version", 0),
    ...(given && { attributes: given }),
  };
}

function track(event: Record<string, unknown>, id: string, at: string): TrackEvent {
  const { value } = event;
  if (value !== undefined && !(typeof value === "number" && Number.isFinite(value))) {
    throw new Refusal("“value” must be a finite number.");
  }
  const given = properties(event);
  return {
    type: "track",
    id,
    time: at,
    name: text(event, "name", EVENT_LIMITS.name),
    units: units(event),
    ...(value !== undefined && { value }),
    ...(given && { properties: given }),
  };
}

function evaluations(event: Record<string, unknown>, id: string, at: string): EvaluationsEvent {
  return {
    type: "evaluations",
    id,
    time: at,
    flag: text(event, "flag", EVENT_LIMITS.name),
    // Empty when the caller's default was returned, and for the default serve.
    variant: text(event, "variant", EVENT_LIMITS.name, 0),
    rule: text(event, "rule", EVENT_LIMITS.name, 0),
    reason: text(event, "reason", EVENT_LIMITS.name),
    version: integer(event, "version", 0),
    count: integer(event, "count", 1),
  };
}

function observations(event: Record<string, unknown>, id: string, at: string): ObservationsEvent {
  const given = sketch(event);
  return {
    type: "observations",
    id,
    time: at,
    flag: text(event, "flag", EVENT_LIMITS.name),
    // Empty for everyone else.
    rule: text(event, "rule", EVENT_LIMITS.name, 0),
    variant: text(event, "variant", EVENT_LIMITS.name),
    version: integer(event, "version", 0),
    metric: text(event, "metric", EVENT_LIMITS.name),
    count: integer(event, "count", 1),
    ...(given && { units: given }),
    ...sums(event),
  };
}

function sketch({ units: value }: Record<string, unknown>): UnitSketch | undefined {
  if (value === undefined) return undefined;
  const read = readSketch(value, REPORT_UNITS);
  if (read) return read;
  throw new Refusal(
    `“units” must be a sketch: “halvings”, a whole number from 0 to 32, and “units”, at most ${REPORT_UNITS} whole numbers below 2^(32 - halvings), ascending.`,
  );
}

function sums({ sum, squares }: Record<string, unknown>): Pick<ObservationsEvent, "sum" | "squares"> {
  if (sum === undefined && squares === undefined) return {};
  const isSound = [sum, squares].every((value) => typeof value === "number" && Number.isFinite(value));
  if (!isSound || (squares as number) < 0) {
    throw new Refusal("“sum” and “squares” must be finite numbers, both or neither, and “squares” not negative.");
  }
  return { sum: sum as number, squares: squares as number };
}

/** The event with its known fields only and when it happened by the edge's clock, or the reason why it is refused. */
export function validateEvent(
  value: unknown,
  receipt: Receipt,
): { event: TelltaleEvent; atMs: number } | { reason: string } {
  try {
    if (!isObject(value)) throw new Refusal("An event must be an object.");
    const id = text(value, "id", EVENT_LIMITS.id);
    const read = readers.get(value.type);
    if (!read) throw new Refusal("“type” must be exposure, track, evaluations or observations.");
    const { time, atMs } = times(value, receipt);
    return { event: read(value, id, time), atMs };
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.reason };
    throw error;
  }
}

/** A Map, so that no name of Object.prototype is a type. */
const readers = new Map<unknown, (event: Record<string, unknown>, id: string, at: string) => TelltaleEvent>([
  ["exposure", exposure],
  ["track", track],
  ["evaluations", evaluations],
  ["observations", observations],
]);
