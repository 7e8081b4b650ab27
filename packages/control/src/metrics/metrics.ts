import { type Database, newId } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { commit, openProject } from "../door/commit.ts";
import { ControlError } from "../door/error.ts";

export interface NewMetric {
  project: string;
  key: string;
  name: string;
  description?: string | undefined;
  /** Name of the track event; a unit converts with its first one after exposure. */
  eventName: string;
  direction?: "increase" | "decrease" | undefined;
}

/** Adds a conversion metric. */
export function createMetric(database: Database, actor: Actor, input: NewMetric): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const where = { projectId_key: { projectId: change.project.id, key: input.key } };
    if (await change.tx.metric.findUnique({ where })) {
      throw new ControlError("EXISTS", `There is a metric "${input.key}" already. Choose another key.`);
    }
    const { key, name, eventName } = input;
    const description = input.description ?? "";
    const direction = input.direction ?? "increase";
    await change.tx.metric.create({
      data: {
        id: newId(),
        projectId: change.project.id,
        key,
        name,
        description,
        kind: "conversion",
        eventName,
        direction,
      },
    });
    change.audit({
      object: "metric",
      objectKey: key,
      action: "create",
      sentence: `Created: conversion on "${eventName}".`,
    });
    return { key };
  });
}

/** All metrics of a project. */
export async function listMetrics(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const metrics = await database.metric.findMany({ where: { projectId: project.id }, orderBy: { key: "asc" } });
  return metrics.map(({ key, name, description, kind, eventName, direction }) => ({
    ...{ key, name, description, kind, eventName, direction },
  }));
}
