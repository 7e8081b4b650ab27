/** A condition on a property of an event; values are OR. A property that is missing matches `notExists` only. */
export type EventCondition =
  | { property: string; op: "in" | "notIn"; values: (string | number | boolean)[] }
  | { property: string; op: "contains" | "notContains" | "startsWith" | "endsWith"; values: string[] }
  | { property: string; op: "lt" | "lte" | "gt" | "gte"; values: number[] }
  | { property: string; op: "exists" | "notExists" };

/** Track events by name; conditions are AND. */
export type EventSource = {
  event: string;
  where: EventCondition[];
};

/**
 * What a unit's events become:
 * - `count`: how many there are
 * - `sum`: the total of their values, or of a numeric property; an event without one adds 0
 * - `distinct`: how many values of a property there are among them, or units of another kind (users of an account)
 */
export type Aggregation =
  | { of: "count" }
  | { of: "sum"; property?: string | undefined }
  | { of: "distinct"; property: string }
  | { of: "distinct"; by: string };

/** Events at or after the first exposure and less than this many seconds after it; without it, until the analysis ends. */
type Windowed = {
  windowSeconds?: number | undefined;
};

/** Winsorisation at the quantile `level` of all counted units of all arms: values above it count as it. */
export type QuantileCap = {
  /** In (0, 1), type 7. */
  level: number;
  /** Whether units of value 0 are among those that the quantile is taken of. */
  includeZeros: boolean;
};

/** Winsorisation at a given value, which is known before there is any data: a unit's value above `at` counts as it. */
export type AbsoluteCap = {
  /** Above 0; of a ratio or a mean, the cap of the numerator's totals. */
  at: number;
  /** Of a ratio or a mean: the cap of the denominator's totals, which have none without it. */
  atDenominator?: number | undefined;
};

export type Cap = QuantileCap | AbsoluteCap;

/**
 * What is measured per unit of the experiment:
 * - `conversion`: did it at least once
 * - `count`, `sum`: how often, how much (0 for units without events)
 * - `mean`: the mean over events of their value, units being clusters (length of a session)
 * - `ratio`: the total of the numerator over that of the denominator
 * - `retention`: did it on day `fromDay` to `toDay` after exposure (24-hour days, the first is 0); units whose last such
 *   day is not over yet are left out
 * - `quantile`: of a unit's total (`per: "unit"`), or of single events' values with units as clusters
 * - `funnel`: did all steps in order, the last within `withinSeconds` of the first
 */
export type MetricDefinition =
  | ({ kind: "conversion"; source: EventSource } & Windowed)
  | ({ kind: "count"; source: EventSource; cap?: Cap | undefined } & Windowed)
  | ({ kind: "sum"; source: EventSource; property?: string | undefined; cap?: Cap | undefined } & Windowed)
  | ({ kind: "mean"; source: EventSource; property?: string | undefined; cap?: Cap | undefined } & Windowed)
  | ({
      kind: "ratio";
      numerator: EventSource & { aggregate: Aggregation };
      denominator: EventSource & { aggregate: Aggregation };
      cap?: Cap | undefined;
    } & Windowed)
  | { kind: "retention"; source: EventSource; fromDay: number; toDay: number }
  | ({
      kind: "quantile";
      source: EventSource;
      property?: string | undefined;
      level: number;
      per: "unit" | "event";
      /** For `per: "unit"`: whether units of value 0 count. */
      includeZeros: boolean;
    } & Windowed)
  | ({ kind: "funnel"; steps: EventSource[]; withinSeconds: number } & Windowed);
