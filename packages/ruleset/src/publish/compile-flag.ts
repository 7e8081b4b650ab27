import { type FlagConfiguration, namedSegments } from "@telltale/configuration";
import type { Transaction } from "@telltale/db";
import type { Audience, Ruleset } from "@telltale/evaluator";
import { compile } from "../compile/compile.ts";
import { readSource } from "./source.ts";

/**
 * The ruleset of one flag with a configuration in place of the one that it has, for each audience: what would be
 * published of it, without publishing it. Flags that it depends on are not in it.
 * @throws when there is no such environment
 */
export async function compileFlagWith(
  tx: Transaction,
  environmentId: string,
  flag: string,
  config: FlagConfiguration,
): Promise<Record<Audience, Ruleset>> {
  const environment = await tx.environment.findUniqueOrThrow({
    where: { id: environmentId },
    include: { project: true },
  });
  const { id, projectId, critical, project } = environment;
  const place = { id, projectId, critical, name: `${project.key}/${environment.key}` };
  const source = await readSource(tx, place, { flags: [flag], segments: namedSegments(config) });
  const composed = { ...source, flags: source.flags.map((one) => ({ ...one, config })) };
  return { server: compile(composed, "server", 1), client: compile(composed, "client", 1) };
}
