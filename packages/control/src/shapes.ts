import { descriptionSchema, keySchema, nameSchema } from "@telltale/configuration";
import { z } from "zod";
import { projectAddressSchema } from "./door/address.ts";

/** Input and output shapes that several commands and queries speak. */
/** In a project: its address, `organisation/project`. */
export const inProject = z.object({ project: projectAddressSchema });
export const inOrganisation = z.object({ organisation: keySchema });
/** In one of its environments. */
export const inItsEnvironment = inProject.extend({ environment: keySchema });
export const inFlag = inProject.extend({ flag: keySchema });
export const inEnvironment = inFlag.extend({ environment: keySchema });
export const inExperiment = inProject.extend({ experiment: keySchema });
/** A revision's number, as far as the database counts. */
export const revision = z
  .int("A revision is a whole number.")
  .min(1, "Revisions begin at 1.")
  .max(2 ** 31 - 1, "There are no such revisions.");
export const comment = z.string().max(1_000).optional();
export const flagChange = inEnvironment.extend({ expectedRevision: revision, comment });
export const revised = z.object({
  revision: z.number(),
  sentence: z.string(),
  /** The newer revision that the change was put on top of; absent where the caller had seen the newest. */
  onTopOf: z.number().optional(),
});
export const experimentChange = inExperiment.extend({ expectedRevision: revision });
export const experimentRevised = z.object({ key: z.string(), revision: z.number() });
export const flagType = z.enum(["boolean", "string", "number", "json"]);
export const visibility = z.enum(["server", "client", "edge"]);
export const name = nameSchema;
export const description = descriptionSchema;
/** Attribute that is hashed; the targeting key unless given. */
export const unit = z.string().min(1, "Name an attribute.").max(100).optional();
export const onlyKey = z.object({ key: z.string() });
