import { newId, type Transaction } from "@telltale/db";
import { checkStart, DRAFT, type ReleasePlan, releasePlanSchema } from "@telltale/release";
import { z } from "zod";
import { writersOf } from "../changes/propose.ts";
import { demandIn } from "../door/actor.ts";
import { findEnvironment, type ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { invalid } from "../door/error.ts";
import { archived, findFlag } from "../flags/revise.ts";
import { comment, inEnvironment } from "../shapes.ts";
import { findBaseline, readServed } from "./serve.ts";
import { releaseMoved } from "./shapes.ts";
import { letStart, startAt } from "./start.ts";
import { readRelease, type StoredRelease, toJson } from "./store.ts";

/** Planned and started in one, it can be proposed, approved and scheduled as one change. */
export const createRelease = defineCommand({
  name: "release.create",
  describe: "Plans a release of a flag's variant in an environment, and starts it where it is said so.",
  input: inEnvironment.extend({
    plan: releasePlanSchema,
    /** Absent: it stays a draft. */
    start: z.object({ at: startAt }).optional(),
    comment,
  }),
  output: releaseMoved,
  action: "release.create",
  isReversible: false,
  async apply(change, input) {
    const release = await insertRelease(change, input);
    if (input.start) return letStart(change, release, { at: input.start.at, comment: input.comment });
    const sentence = `${release.flag.key}: planned to release "${release.plan.variant}".`;
    const line = { object: "release", objectKey: String(release.number) } as const;
    change.audit({ ...line, environment: release.environment.key, sentence, detail: { plan: toJson(release.plan) } });
    return { output: { release: release.number, status: "draft" as const, stateVersion: 0, sentence } };
  },
});

async function insertRelease(
  change: ProjectChange,
  input: { flag: string; environment: string; plan: ReleasePlan },
): Promise<StoredRelease> {
  const { tx, project } = change;
  const environment = findEnvironment(project, input.environment);
  await demandIn(change, "release.create", [environment.id]);
  await tx.$queryRaw`select 1 from environment where id = ${environment.id} for update`;
  const flag = await findFlag(change, input.flag);
  if (flag.archivedAt) throw archived(flag.key);
  const { plan } = input;
  if (!flag.variants.some(({ key }) => key === plan.variant)) {
    throw invalid([`"${flag.key}" has no variant "${plan.variant}". Choose one of its variants.`]);
  }
  const config = await readServed(tx, { flagId: flag.id, environmentId: environment.id });
  const problems = checkStart(plan, findBaseline(config, plan, flag.key));
  if (problems.length > 0) throw invalid(problems);
  const row = await tx.release.create({
    data: {
      id: newId(),
      projectId: project.id,
      number: await nextNumber(tx, project.id),
      flagId: flag.id,
      environmentId: environment.id,
      plan: toJson(plan),
      state: { ...DRAFT },
      createdBy: { ...change.actor },
      writerIds: await writersOf(change),
    },
  });
  return { ...readRelease(row), flag, environment };
}

/** Two that are planned at once are numbered one after the other. */
async function nextNumber(tx: Transaction, projectId: string): Promise<number> {
  await tx.$queryRaw`select 1 from project where id = ${projectId} for no key update`;
  const last = await tx.release.aggregate({ where: { projectId }, _max: { number: true } });
  return (last._max.number ?? 0) + 1;
}
