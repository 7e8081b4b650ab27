import type { Aggregation, EventSource } from "@telltale/configuration";
import type { Bindings } from "./bindings.ts";
import { conditionSql, hasNumber, hasProperty } from "./condition.ts";

/** Bits that an event's time takes, milliseconds since the first that matters: 278 years. */
const TIME_BITS = 43;
const WIDTHS = [64, 128, 256] as const;
const WORD_BITS = 64;
/** More sources than one question may have. */
export const SOURCES_MAX = 256 - TIME_BITS;

/**
 * What is read of a track row: one number with the row's time in its high bits and, in its low ones, which sources it
 * belongs to; and the values that the metrics need of it. Metrics that share a source share its bit.
 */
export class Signals {
  readonly #bindings: Bindings;
  readonly #by: string;
  readonly #bits = new Map<string, number>();
  readonly #values = new Map<string, string>();
  readonly #names = new Set<string>();

  /** Bits that sources take in the low end of the packed number. */
  readonly shift: number;
  /** Of the packed number: 64 bits where they suffice, as wider ones cost. */
  readonly width: number;

  /** `sources`: at least as many as will be asked for. @throws RangeError when they are more than SOURCES_MAX. */
  constructor(bindings: Bindings, by: string, sources: number) {
    if (sources > SOURCES_MAX) {
      throw new RangeError(`An analysis reads at most ${SOURCES_MAX} different event sources: ask for fewer metrics.`);
    }
    this.#bindings = bindings;
    this.#by = by;
    this.width = WIDTHS.find((width) => sources <= width - TIME_BITS) ?? 256;
    this.shift = this.width - TIME_BITS;
  }

  /** The bit of a source's events. */
  bit(source: EventSource): number {
    return this.#bitOf(source, "");
  }

  /** The bit of those of a source's events that have a value: a number in the property, or their own. */
  bitWithValue(source: EventSource, property: string | undefined): number {
    return this.#bitOf(source, property === undefined ? "value IS NOT NULL" : hasNumber(property, this.#bindings));
  }

  /** Whether the packed event `p` belongs to the source of that bit. The store tests bits of 64-bit numbers only. */
  has(bit: number): string {
    if (this.width === WORD_BITS) return `bitTest(p, ${bit})`;
    const word = Math.floor(bit / WORD_BITS) * WORD_BITS;
    return `bitTest(toUInt64(${word === 0 ? "p" : `bitShiftRight(p, ${word})`}), ${bit - word})`;
  }

  /** Name of the column with what is summed (Float64, 0 where there is none). */
  number(property: string | undefined): string {
    if (property === undefined) return this.#column("ifNull(value, 0)");
    const name = this.#bindings.bind("String", property);
    return this.#column(`if(${hasNumber(property, this.#bindings)}, JSONExtractFloat(properties, ${name}), 0)`);
  }

  /** Name of the column with a hash of what is distinguished (UInt64, 0 where there is none). */
  identity(aggregation: Extract<Aggregation, { of: "distinct" }>): string {
    if ("by" in aggregation) {
      if (aggregation.by === this.#by) return this.#column("sipHash64(unit)");
      const by = this.#bindings.bind("String", aggregation.by);
      return this.#column(`if(mapContains(others, ${by}), sipHash64(others[${by}]), 0)`);
    }
    const { property } = aggregation;
    const raw = `JSONExtractRaw(properties, ${this.#bindings.bind("String", property)})`;
    return this.#column(`if(${hasProperty(property, this.#bindings)}, sipHash64(${raw}), 0)`);
  }

  /** Names of the events, each once. */
  get names(): string[] {
    return [...this.#names];
  }

  /** The value columns: name and SQL over a track row. */
  get columns(): { name: string; sql: string }[] {
    return [...this.#values].map(([sql, name]) => ({ name, sql }));
  }

  /** The sources of a track row as a number; 0 for none. */
  get mask(): string {
    const parts = [...this.#bits].map(([sql, bit]) => `bitShiftLeft(toUInt${this.width}(${sql}), ${bit})`);
    return parts.reduce((all, part) => `bitOr(${all}, ${part})`, `toUInt${this.width}(0)`);
  }

  #bitOf({ event, where }: EventSource, also: string): number {
    const parts = [
      `name = ${this.#bindings.bind("String", event)}`,
      ...where.map((condition) => conditionSql(condition, this.#bindings)),
      ...(also === "" ? [] : [also]),
    ];
    this.#names.add(event);
    const sql = parts.join(" AND ");
    const known = this.#bits.get(sql);
    if (known !== undefined) return known;
    this.#bits.set(sql, this.#bits.size);
    return this.#bits.size - 1;
  }

  #column(sql: string): string {
    const name = this.#values.get(sql) ?? `v${this.#values.size}`;
    this.#values.set(sql, name);
    return name;
  }
}
