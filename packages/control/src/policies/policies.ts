import { isSame, keySchema } from "@telltale/configuration";
import type { Prisma } from "@telltale/db";
import { z } from "zod";
import { findEnvironment } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { policySchema } from "../door/policy.ts";
import { inProject } from "../shapes.ts";

const output = z.object({ policy: policySchema });

/** What changes ask for in every environment that says nothing else. */
export const setProjectPolicy = defineCommand({
  name: "project.setPolicy",
  describe: "Sets what changes ask for in a project: approvals, comments, windows in which nothing is published.",
  input: inProject.extend({ policy: policySchema }),
  output,
  action: "policy.manage",
  async apply({ tx, project, audit }, { project: address, policy }) {
    const before = policySchema.parse(project.policy);
    if (isSame(before, policy)) return { output: { policy }, inverse: [] };
    await tx.project.update({ where: { id: project.id }, data: { policy: policy as Prisma.InputJsonObject } });
    audit({
      object: "project",
      objectKey: project.key,
      sentence: "Policy changed.",
      detail: { before, after: policy } as Prisma.InputJsonObject,
    });
    return {
      output: { policy },
      inverse: [{ name: "project.setPolicy", input: { project: address, policy: before } }],
    };
  },
});

/** What is named here counts in place of the project's. */
export const setEnvironmentPolicy = defineCommand({
  name: "environment.setPolicy",
  describe: "Sets what changes ask for in an environment: approvals, comments, windows in which nothing is published.",
  input: inProject.extend({ environment: keySchema, policy: policySchema }),
  output,
  action: "policy.manage",
  async apply({ tx, project, audit }, { project: address, environment: key, policy }) {
    const environment = findEnvironment(project, key);
    const before = policySchema.parse(environment.policy);
    if (isSame(before, policy)) return { output: { policy }, inverse: [] };
    await tx.environment.update({ where: { id: environment.id }, data: { policy: policy as Prisma.InputJsonObject } });
    const detail = { before, after: policy } as Prisma.InputJsonObject;
    audit({ object: "environment", objectKey: key, environment: key, sentence: "Policy changed.", detail });
    const undo = { project: address, environment: key, policy: before };
    return { output: { policy }, inverse: [{ name: "environment.setPolicy", input: undo }] };
  },
});
