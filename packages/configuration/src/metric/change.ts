import { z } from "zod";
import { isSame } from "../equality.ts";
import { type DescribedMetric, metricSchema } from "./metric.ts";

/** What sets a field: one line for each is all that there is to know of it here. */
function setter<K extends string, F extends keyof DescribedMetric>(kind: K, field: F) {
  const value = { [field]: metricSchema.shape[field] } as Pick<typeof metricSchema.shape, F>;
  return { kind, field, schema: z.object({ kind: z.literal(kind), ...value }) };
}

const SETTERS = [
  setter("setName", "name"),
  setter("setDescription", "description"),
  setter("setDefinition", "definition"),
  setter("setDirection", "direction"),
  // A format of null: as values of its kind are written.
  setter("setFormat", "format"),
  // An effect or a margin of null takes it away.
  setter("setMinimumEffect", "minimumEffect"),
  setter("setMargin", "margin"),
  setter("setAbsoluteMargin", "absoluteMargin"),
] as const;
const [first, ...others] = SETTERS;

/** A list of instructions as it arrives from outside. */
export const metricInstructionsSchema = z
  .array(z.discriminatedUnion("kind", [first.schema, ...others.map(({ schema }) => schema)]))
  .min(1, "Give at least one instruction.")
  .max(20, "Give at most 20 instructions.");

/** One operation on a metric: it sets one field. */
export type MetricInstruction = z.output<typeof metricInstructionsSchema>[number];

/** The fields in which metrics differ. */
export function differingFields(before: DescribedMetric, after: DescribedMetric): (keyof DescribedMetric)[] {
  return SETTERS.map(({ field }) => field).filter((field) => !isSame(before[field], after[field]));
}

/** The instructions that make one metric of another, one for each field that differs; empty exactly when none does. */
export function diffMetric(before: DescribedMetric, after: DescribedMetric): MetricInstruction[] {
  const fields = differingFields(before, after);
  return SETTERS.filter(({ field }) => fields.includes(field)).map(
    ({ kind, field }) => ({ kind, [field]: after[field] }) as MetricInstruction,
  );
}

/** Follows instructions, one after the other. */
export function applyToMetric(metric: DescribedMetric, instructions: readonly MetricInstruction[]): DescribedMetric {
  let next = metric;
  for (const { kind: _, ...field } of instructions) next = { ...next, ...field };
  return next;
}

/** The instructions that undo these. */
export function invertMetric(metric: DescribedMetric, instructions: readonly MetricInstruction[]): MetricInstruction[] {
  return diffMetric(applyToMetric(metric, instructions), metric);
}

/** A field that two people both changed, each in another way. */
export interface MetricConflict {
  field: keyof DescribedMetric;
}

interface MergedMetric {
  metric: DescribedMetric;
  /** There `mine` stands. */
  conflicts: MetricConflict[];
}

/** Puts two edits of the same base together, field by field. */
export function mergeMetric(base: DescribedMetric, mine: DescribedMetric, theirs: DescribedMetric): MergedMetric {
  const changed = differingFields(base, theirs);
  const isTorn = (field: keyof DescribedMetric) => changed.includes(field) && !isSame(mine[field], theirs[field]);
  return {
    metric: applyToMetric(base, [...diffMetric(base, theirs), ...diffMetric(base, mine)]),
    conflicts: differingFields(base, mine)
      .filter(isTorn)
      .map((field) => ({ field })),
  };
}
