import { NOTHING_CHANGED } from "@telltale/configuration";
import { z } from "zod";
import { demandIn, scopeOf } from "../door/actor.ts";
import type { ProjectChange } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { inProject } from "../shapes.ts";

const owned = z.enum(["flag", "segment", "experiment", "metric"]);
type Owned = z.output<typeof owned>;

export const setOwner = defineCommand({
  name: "owner.set",
  describe: "Says which team owns a flag, a segment, an experiment or a metric; null: nobody's.",
  input: inProject.extend({ object: owned, key: z.string().min(1).max(100), team: z.string().max(100).nullable() }),
  output: z.object({ sentence: z.string() }),
  action: null,
  async apply(change, { project: address, object, key, team: teamKey }) {
    const { tx, project, organisation, standing, audit } = change;
    const { id, team: before, environmentId } = await findOwned(change, object, key);
    // An experiment is in one environment; the others are in all of them.
    if (environmentId !== undefined) await demandIn(change, `${object}.update`, [environmentId]);
    else await standing.demand(`${object}.update`, scopeOf(project));
    const where = { organisationId_key: { organisationId: organisation.id, key: teamKey ?? "" } };
    const team = teamKey === null ? null : await tx.team.findUnique({ where });
    if (teamKey !== null && !team) throw notFound("team", teamKey);
    if (before?.id === team?.id) return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    await setTeam(change, object, id, team?.id ?? null);
    const sentence = team ? `Owned by ${team.name} now.` : "Owned by no team now.";
    audit({ object, objectKey: key, sentence, detail: { before: before?.key ?? null, after: team?.key ?? null } });
    const undo = { project: address, object, key, team: before?.key ?? null };
    return { output: { sentence }, inverse: [{ name: "owner.set", input: undo }] };
  },
});

interface Found {
  id: string;
  team: { id: string; key: string } | null;
  environmentId?: string;
}

async function findOwned({ tx, project }: ProjectChange, object: Owned, key: string): Promise<Found> {
  const query = { where: { projectId_key: { projectId: project.id, key } }, select: { id: true, team: true } };
  const find: Record<Owned, () => Promise<Found | null>> = {
    flag: () => tx.flag.findUnique(query),
    segment: () => tx.segment.findUnique(query),
    experiment: () => tx.experiment.findUnique({ ...query, select: { ...query.select, environmentId: true } }),
    metric: () => tx.metric.findUnique(query),
  };
  const found = await find[object]();
  if (!found) throw notFound(object, key);
  return found;
}

async function setTeam({ tx }: ProjectChange, object: Owned, id: string, teamId: string | null): Promise<void> {
  const query = { where: { id }, data: { teamId } };
  const set: Record<Owned, () => Promise<unknown>> = {
    flag: () => tx.flag.update(query),
    segment: () => tx.segment.update(query),
    experiment: () => tx.experiment.update(query),
    metric: () => tx.metric.update(query),
  };
  await set[object]();
}
