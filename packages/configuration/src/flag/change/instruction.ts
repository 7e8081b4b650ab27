import { z } from "zod";
import { idsSchema } from "../../keys.ts";
import type { ConfigCondition, ConfigPrerequisite, ConfigRule, ConfigServe, ConfigSplit } from "../configuration.ts";
import {
  prerequisitesSchema,
  ruleIdSchema,
  ruleNameSchema,
  ruleSchema,
  serveSchema,
  weightsSchema,
  whenSchema,
} from "../schema.ts";

/**
 * One operation on a flag's configuration. Rules are addressed by id; `before` is the id of the rule that it is placed in
 * front of, null for the end. A `rule` of null in what is served is everyone else.
 */
export type FlagInstruction =
  | { kind: "turnOn" }
  | { kind: "turnOff" }
  | { kind: "setOffVariant"; variant: string }
  | { kind: "setPrerequisites"; prerequisites: ConfigPrerequisite[] }
  /** These ids get the variant, whatever they were targeted with before. */
  | { kind: "addTargets"; variant: string; ids: string[] }
  /** Those of these ids that are targeted with the variant are targeted no more. */
  | { kind: "removeTargets"; variant: string; ids: string[] }
  | { kind: "addRule"; rule: ConfigRule; before: string | null }
  | { kind: "removeRule"; rule: string }
  | { kind: "moveRule"; rule: string; before: string | null }
  /** A name of null takes it away. */
  | { kind: "renameRule"; rule: string; name: string | null }
  | { kind: "setConditions"; rule: string; when: ConfigCondition[] }
  | { kind: "setServe"; rule: string | null; serve: ConfigServe }
  /** New shares of an existing split: salt and unit stay, so no unit is bucketed again. */
  | { kind: "setRollout"; rule: string | null; weights: ConfigSplit["weights"] };

const ruleId = ruleIdSchema;
const before = ruleId.nullable();
const variant = z.string();

/** An instruction as it arrives from outside. */
const flagInstructionSchema: z.ZodType<FlagInstruction> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("turnOn") }),
  z.object({ kind: z.literal("turnOff") }),
  z.object({ kind: z.literal("setOffVariant"), variant }),
  z.object({ kind: z.literal("setPrerequisites"), prerequisites: prerequisitesSchema }),
  z.object({ kind: z.literal("addTargets"), variant, ids: idsSchema.min(1, "Give at least one id.") }),
  z.object({ kind: z.literal("removeTargets"), variant, ids: idsSchema.min(1, "Give at least one id.") }),
  z.object({ kind: z.literal("addRule"), rule: ruleSchema, before }),
  z.object({ kind: z.literal("removeRule"), rule: ruleId }),
  z.object({ kind: z.literal("moveRule"), rule: ruleId, before }),
  z.object({ kind: z.literal("renameRule"), rule: ruleId, name: ruleNameSchema.nullable() }),
  z.object({ kind: z.literal("setConditions"), rule: ruleId, when: whenSchema }),
  z.object({ kind: z.literal("setServe"), rule: ruleId.nullable(), serve: serveSchema }),
  z.object({ kind: z.literal("setRollout"), rule: ruleId.nullable(), weights: weightsSchema }),
]);

/** A list of them: at most what the largest configuration can need. */
export const flagInstructionsSchema = z
  .array(flagInstructionSchema)
  .min(1, "Give at least one instruction.")
  .max(2_000, "Give at most 2,000 instructions.");
