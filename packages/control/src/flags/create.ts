import { keySchema } from "@telltale/configuration";
import { newId } from "@telltale/db";
import type { JsonValue } from "@telltale/evaluator";
import { z } from "zod";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid } from "../door/error.ts";
import { description, flagType, inProject, name, onlyKey, visibility } from "../shapes.ts";
import { environmentsForFlag, initialConfiguration } from "./initial.ts";
import { storedVisibility } from "./visibility.ts";

const newFlag = inProject.extend({
  key: keySchema,
  name,
  description: description.optional(),
  type: flagType,
  /** Boolean flags have `on` and `off` when nothing is given. The last variant is served while off. */
  variants: z
    .array(z.object({ key: keySchema, value: z.json() }))
    .max(50)
    .optional(),
  /** `client` unless given. */
  visibility: visibility.optional(),
});
type NewFlag = z.output<typeof newFlag>;

const booleanVariants = [
  { key: "on", value: true },
  { key: "off", value: false },
];

export const createFlag = defineCommand({
  name: "flag.create",
  describe: "Creates a flag, off in every environment of the project.",
  input: newFlag,
  output: onlyKey,
  action: "flag.create",
  async apply(change, input) {
    const variants = input.variants ?? (input.type === "boolean" ? booleanVariants : []);
    const problems = checkVariants(input.type, variants);
    if (problems.length > 0) throw invalid(problems);
    const id = newId();
    await insertFlag(change, id, input, variants);
    const json = initialConfiguration(variants);
    const sentence = `Created as a ${input.type} flag, off everywhere.`;
    const actorJson = { ...change.actor };
    for (const environment of await environmentsForFlag(change.tx, change.project.id)) {
      const where = { flagId: id, environmentId: environment.id, revision: 1, config: json };
      await change.tx.flagConfig.create({ data: where });
      await change.tx.flagRevision.create({ data: { ...where, sentence, actor: actorJson } });
      // Off: nobody is served anything new.
      change.touch(environment.id, { flags: [input.key] }, "safe");
    }
    change.audit({ object: "flag", objectKey: input.key, sentence });
    const undo = { project: input.project, flag: input.key };
    return { output: { key: input.key }, inverse: [{ name: "flag.archive", input: undo }] };
  },
});

async function insertFlag(
  change: ProjectChange,
  id: string,
  input: NewFlag,
  variants: { key: string; value: JsonValue }[],
) {
  const taken = await change.tx.flag.findUnique({
    where: { projectId_key: { projectId: change.project.id, key: input.key } },
  });
  if (taken) {
    throw new ControlError(
      "EXISTS",
      `There is a flag "${input.key}" already${taken.archivedAt ? " (archived)" : ""}. Choose another key.`,
    );
  }
  await change.tx.flag.create({
    data: {
      id,
      projectId: change.project.id,
      key: input.key,
      name: input.name,
      description: input.description ?? "",
      type: input.type,
      ...storedVisibility(input.visibility ?? "client"),
    },
  });
  await insertVariants(change, id, variants);
}

/** In SQL, as JSON text: Prisma writes a number that is a column's whole value with 16 digits, and doubles have 17. */
async function insertVariants({ tx }: ProjectChange, flagId: string, variants: { key: string; value: JsonValue }[]) {
  const rows = variants.map(({ key, value }, position) => ({ id: newId(), key, value, position }));
  await tx.$executeRaw`
    insert into variant (id, "flagId", key, value, position)
    select row ->> 'id', ${flagId}, row ->> 'key', row -> 'value', (row ->> 'position')::int
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) row`;
}

/** What is wrong with a new flag's variants, a sentence each. */
export function checkVariants(type: NewFlag["type"], variants: { key: string; value: JsonValue }[]): string[] {
  if (variants.length === 0) return ["Give at least one variant."];
  const problems: string[] = [];
  if (new Set(variants.map((variant) => variant.key)).size < variants.length)
    problems.push("Two variants have the same key.");
  for (const variant of variants) {
    if (type !== "json" && typeof variant.value !== type) {
      problems.push(`Variant "${variant.key}" is a ${typeof variant.value}, the flag is a ${type} flag.`);
    }
  }
  return problems;
}
