import { logNormalTail, normalQuantile } from "../distributions/normal.ts";
import { logStudentTail, studentQuantile } from "../distributions/student.ts";
import { logSequenceP, sequenceMultiplier } from "./formulas/confidence-sequence.ts";
import { groupBoundaries, logGroupP } from "./formulas/group-sequential.ts";

/**
 * When a result may be read:
 * - `sequence`: at any time and as often as one likes; `plannedUnits` (both arms) is where it is tightest
 * - `group`: at planned looks; `fractions` are those of the planned units at the looks so far, the last being now
 * - `fixed`: once, at the planned end
 */
export type Method =
  | { kind: "sequence"; plannedUnits: number }
  | { kind: "group"; fractions: readonly number[] }
  | { kind: "fixed" };

/** Test and interval of one quantity that is normal, or Student's t with `df`: one critical value, one p. */
export interface Test {
  /** Half-width in standard errors at the error level `at`. */
  critical(at: number): number;
  /** log p at z standard errors; for one side z > 0 is the direction that is tested. */
  logP(z: number): number;
}

export interface TestSize {
  /** Units of both arms, or what stands for them where information does not grow with units alone. */
  n: number;
  df: number | null;
  /** Of a group plan the information at each of its looks, in any unit; null where the fractions stand for it. */
  looks: readonly number[] | null;
  /** The error level fixed before the start; corrections for several tests do not change it. */
  alpha: number;
}

/** Whether a difference is tested in both directions, or in one with all of the error level. */
export type Sides = "one" | "two";

/** The two-sided test that a method makes. Throws RangeError for settings that only a bug can pass. */
export function testOf(method: Method, { n, df, alpha, looks }: TestSize): Test {
  switch (method.kind) {
    case "fixed":
      if (df === null) return { critical: normalQuantile, logP: logNormalTail };
      return { critical: (at) => studentQuantile(at, df), logP: (t) => logStudentTail(t, df) };
    case "sequence": {
      const sequence = { alpha, plannedUnits: method.plannedUnits, sides: "two" } as const;
      return {
        critical: (at) => sequenceMultiplier(n, sequence, at),
        logP: (z) => logSequenceP(z, n, sequence),
      };
    }
    case "group":
      return {
        critical: (at) => groupBoundaries(method.fractions, at, looks).at(-1) ?? Number.MAX_VALUE,
        logP: (z) => logGroupP(z, method.fractions, looks),
      };
    default: {
      const never: never = method;
      return never;
    }
  }
}

/** log of the half of a two-sided p that lies on the side of z. */
function oneSide(logP: number, z: number): number {
  return z > 0 ? logP - Math.LN2 : Math.log1p(-Math.exp(logP) / 2);
}

/** The same against one direction only: all of the error level lies on one side. */
export function oneSidedTestOf(method: Method, size: TestSize): Test {
  if (method.kind === "sequence") {
    const { n, alpha } = size;
    const sequence = { alpha, plannedUnits: method.plannedUnits, sides: "one" } as const;
    return {
      critical: (at) => sequenceMultiplier(n, sequence, at),
      logP: (z) => logSequenceP(z, n, sequence),
    };
  }
  const both = testOf(method, size);
  return {
    critical: (at) => (at < 0.5 ? both.critical(2 * at) : 0),
    logP: (z) => oneSide(both.logP(z), z),
  };
}

/** Throws RangeError for an error level outside [1e-12, 1) or a planned size that is no size. */
export function checkSettings(method: Method, alpha: number): void {
  if (!(alpha >= 1e-12 && alpha < 1)) throw new RangeError(`alpha must lie between 0 and 1, not ${alpha}.`);
  if (method.kind !== "sequence") return;
  const { plannedUnits } = method;
  if (!(plannedUnits >= 1 && plannedUnits <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`plannedUnits must be a number of units, not ${plannedUnits}.`);
  }
}
