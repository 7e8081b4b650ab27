import { evaluationOf, isScalar, type Resolution, type Scalar, type Subject, unitOf } from "@telltale/evaluator";
import type { Queue } from "../queue/queue.ts";

/** So many exposures are remembered before all are forgotten; sending one again is harmless. */
const EXPOSURES_MAX = 20_000;

/** Sends each unit's meeting with an experiment's variant once. */
export type Expose = (resolution: Resolution, subject: Subject) => boolean;

/**
 * @param names Attributes whose values travel with exposures, to break results down by.
 * @returns a function that is false when the queue had no room: the next evaluation tries again.
 */
export function createExposures(queue: Queue, names: readonly string[]): Expose {
  const sent = new Set<string>();
  return (resolution, subject) => {
    const { flag, variant = "", version } = resolution;
    const { experiment = "", by = "" } = evaluationOf(resolution).exposure ?? {};
    const unit = unitOf(subject, by)?.text ?? "";
    // Keys and attribute names hold no line breaks; the unit, which may, comes last.
    const key = `${experiment}\n${variant}\n${by}\n${unit}`;
    if (sent.has(key)) return true;
    const attributes: Record<string, Scalar> = {};
    for (const name of names) {
      const value = Object.hasOwn(subject.context, name) && subject.context[name];
      if (isScalar(value)) attributes[name] = value;
    }
    const more = names.length && { attributes };
    try {
      if (!queue.add({ type: "exposure", flag, variant, version, experiment, unit, by, ...more })) return false;
    } catch {
      // A worker has no random ids before its first request.
      return false;
    }
    if (sent.size >= EXPOSURES_MAX) sent.clear();
    sent.add(key);
    return true;
  };
}
