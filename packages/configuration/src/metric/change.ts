import { z } from "zod";
import { isSame } from "../equality.ts";
import { type DescribedMetric, metricSchema } from "./metric.ts";

/** One operation on a metric: it sets one field. */
export type MetricInstruction =
  | { kind: "setName"; name: string }
  | { kind: "setDescription"; description: string }
  | { kind: "setDefinition"; definition: DescribedMetric["definition"] }
  | { kind: "setDirection"; direction: DescribedMetric["direction"] }
  /** A format of null: as values of its kind are written. */
  | { kind: "setFormat"; format: DescribedMetric["format"] }
  /** An effect or a margin of null takes it away. */
  | { kind: "setMinimumEffect"; minimumEffect: number | null }
  | { kind: "setMargin"; margin: number }
  | { kind: "setAbsoluteMargin"; absoluteMargin: number | null };

/** The field that an instruction sets. */
export const METRIC_FIELDS = {
  setName: "name",
  setDescription: "description",
  setDefinition: "definition",
  setDirection: "direction",
  setFormat: "format",
  setMinimumEffect: "minimumEffect",
  setMargin: "margin",
  setAbsoluteMargin: "absoluteMargin",
} as const satisfies Record<MetricInstruction["kind"], keyof DescribedMetric>;

const { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin } = metricSchema.shape;

/** A list of instructions as it arrives from outside. */
export const metricInstructionsSchema = z
  .array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("setName"), name }),
      z.object({ kind: z.literal("setDescription"), description }),
      z.object({ kind: z.literal("setDefinition"), definition }),
      z.object({ kind: z.literal("setDirection"), direction }),
      z.object({ kind: z.literal("setFormat"), format }),
      z.object({ kind: z.literal("setMinimumEffect"), minimumEffect }),
      z.object({ kind: z.literal("setMargin"), margin }),
      z.object({ kind: z.literal("setAbsoluteMargin"), absoluteMargin }),
    ]),
  )
  .min(1, "Give at least one instruction.")
  .max(20, "Give at most 20 instructions.") satisfies z.ZodType<MetricInstruction[]>;

/** The instructions that make one metric of another, one for each field that differs; empty exactly when none does. */
export function diffMetric(before: DescribedMetric, after: DescribedMetric): MetricInstruction[] {
  const { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin } = after;
  const all: MetricInstruction[] = [
    { kind: "setName", name },
    { kind: "setDescription", description },
    { kind: "setDefinition", definition },
    { kind: "setDirection", direction },
    { kind: "setFormat", format },
    { kind: "setMinimumEffect", minimumEffect },
    { kind: "setMargin", margin },
    { kind: "setAbsoluteMargin", absoluteMargin },
  ];
  return all.filter((instruction) => !isSame(applyToMetric(before, [instruction]), before));
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

export interface MergedMetric {
  metric: DescribedMetric;
  /** Fields that both changed, each in another way; there `mine` stands. */
  conflicts: { field: keyof DescribedMetric }[];
}

/** Puts two edits of the same base together, field by field. */
export function mergeMetric(base: DescribedMetric, mine: DescribedMetric, theirs: DescribedMetric): MergedMetric {
  const [own, others] = [diffMetric(base, mine), diffMetric(base, theirs)];
  const differing = new Set(diffMetric(mine, theirs).map(({ kind }) => kind));
  const changed = new Set(others.map(({ kind }) => kind));
  return {
    metric: applyToMetric(base, [...others, ...own]),
    conflicts: own.flatMap(({ kind }) =>
      changed.has(kind) && differing.has(kind) ? [{ field: METRIC_FIELDS[kind] }] : [],
    ),
  };
}
