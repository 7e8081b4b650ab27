import { invisiblePrerequisite, type Visibility } from "@telltale/configuration";
import { visibilityOf } from "@telltale/ruleset";
import { lockEnvironments, type ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { invalid } from "../door/error.ts";
import { inFlag, onlyKey, visibility } from "../shapes.ts";
import { allConfigurations, archived, findFlag } from "./revise.ts";

const SENTENCES: Record<Visibility, string> = {
  server: "Servers only: client keys no longer know of it.",
  client: "Visible to clients: browsers and apps get its rules and decide by themselves.",
  edge: "Evaluated at the edge for clients: they get its answers, its rules never leave the servers.",
};

/** How a flag is stored: `clientVisible` is what processes of the release before read. */
export function storedVisibility(visibility: Visibility) {
  return { visibility, clientVisible: visibility === "client" };
}

/** Refused where a flag that clients decide by themselves would have a prerequisite they cannot see. */
export const setVisibility = defineCommand({
  name: "flag.setVisibility",
  describe: "Says what client keys get of a flag: nothing, its rules, or its answers from the edge.",
  input: inFlag.extend({ visibility }),
  output: onlyKey,
  action: "flag.update",
  async apply(change, input) {
    await lockEnvironments(change);
    const flag = await findFlag(change, input.flag);
    if (flag.archivedAt) throw archived(flag.key);
    const output = { key: flag.key };
    const before = visibilityOf(flag);
    if (before === input.visibility) return { output, inverse: [] };
    const problems = await checkVisibility(change, flag.key, input.visibility);
    if (problems.length > 0) throw invalid(problems);
    await change.tx.flag.update({ where: { id: flag.id }, data: storedVisibility(input.visibility) });
    const sentence = SENTENCES[input.visibility];
    change.audit({ object: "flag", objectKey: flag.key, action: "visibility", sentence });
    for (const environment of change.project.environments) change.touch(environment.id, "all");
    return { output, inverse: [{ name: "flag.setVisibility", input: { ...input, visibility: before } }] };
  },
});

/** Prerequisites that clients could not decide by themselves, a sentence each. */
async function checkVisibility(change: ProjectChange, key: string, visibility: Visibility): Promise<string[]> {
  const configs = await allConfigurations(change);
  const visible = new Map(configs.map(({ flag }) => [flag.key, visibilityOf(flag)])).set(key, visibility);
  return configs.flatMap(({ flag, environment, prerequisites }) => {
    if (visible.get(flag.key) !== "client") return [];
    return prerequisites
      .filter((one) => (flag.key === key || one.flag === key) && visible.get(one.flag) !== "client")
      .map((one) => `${environment.name}: ${invisiblePrerequisite(flag.key, one.flag)}`);
  });
}
