import { defaultSettings } from "@telltale/analysis";
import { arms, type CHANGES, changeTo, type Tenant } from "./fixtures.ts";
import { ofReleases } from "./releases.ts";

const config = { on: true, off: "off", targets: [], rules: [], serve: { variant: "on" } };
/**
 * An input of every procedure, about what a tenant has. Whoever may do it all can do it in this order; nothing is done by
 * one who may not.
 */
export function inputsOfTenant(tenant: Tenant): Record<string, unknown> {
  return {
    ...ofOrganisation(tenant),
    ...ofProject(tenant),
    ...ofExperiments(tenant),
    ...ofChanges(tenant),
    ...ofReleases(tenant.project),
  };
}

function ofProject({ project, key }: Tenant): Record<string, unknown> {
  const at = { project, flag: "spare", environment: "production" };
  return {
    "project.get": { project },
    "project.rename": { project, name: "The shop" },
    "project.setPolicy": { project, policy: {} },
    "environment.order": { project, environments: ["waiting", "production"] },
    "environment.create": { project, key: "fresh", name: "Fresh" },
    "environment.update": { project, environment: "waiting", name: "Waited" },
    "environment.setPolicy": { project, environment: "waiting", policy: {} },
    "environment.archive": { project, environment: "waiting" },
    "environment.restore": { project, environment: "restored" },
    "key.list": { project },
    "key.create": { project, environment: "production", name: "Another", audience: "client" },
    "key.revoke": { project, id: key.id },
    "access.explain": { project, environment: "production", action: "flag.update" },
    "owner.set": { project, object: "flag", key: "spare", team: "changed" },
    "flag.list": { project },
    "flag.get": { project, flag: "banner" },
    "flag.history": { project, flag: "banner" },
    "flag.usage": { ...at, window: "day" },
    "flag.lastSeen": { project },
    "flag.create": { project, key: "fresh", name: "Fresh", type: "boolean" },
    "flag.configure": { ...at, expectedRevision: 1, config },
    "flag.update": { ...at, flag: "updated", instructions: [{ kind: "turnOn" }] },
    "flag.switch": { ...at, flag: "switched", expectedRevision: 1, on: true },
    "flag.revert": { ...at, flag: "reverted", expectedRevision: 2, toRevision: 1 },
    "flag.setVisibility": { project, flag: "spare", visibility: "server" },
    "flag.archive": { project, flag: "gone" },
    "segment.list": { project },
    "segment.get": { project, key: "crew" },
    "segment.history": { project, key: "crew" },
    "segment.update": { project, key: "crew", instructions: [{ kind: "addIds", list: "included", ids: ["new"] }] },
    "segment.revert": { project, key: "reverted", toRevision: 1, expectedRevision: 2 },
    "segment.save": {
      project,
      key: "staff",
      name: "Staff",
      expectedRevision: null,
      definition: { included: ["ana"], excluded: [], rules: [] },
    },
    "metric.list": { project },
    "metric.get": { project, metric: "bought" },
    "metric.history": { project, metric: "reverted" },
    "metric.create": {
      project,
      key: "visits",
      name: "Visits",
      definition: { kind: "conversion", source: { event: "visit", where: [] } },
    },
    "metric.update": { project, metric: "visits", instructions: [{ kind: "setMargin", margin: 0.05 }] },
    "metric.revert": { project, metric: "reverted", toRevision: 1, expectedRevision: 2 },
  };
}

function ofExperiments({ project, snapshot, request }: Tenant): Record<string, unknown> {
  const running = { project, experiment: "running" };
  const planned = { project, experiment: "planned" };
  return {
    "experiment.list": { project },
    "experiment.get": running,
    "experiment.create": {
      project,
      key: "planned",
      name: "Planned",
      flag: "spare",
      environment: "production",
      arms,
      metrics: [{ key: "bought", role: "primary" }],
    },
    "experiment.sizing": running,
    "experiment.configure": { ...planned, expectedRevision: 1, plannedUnits: 4_000 },
    "experiment.start": { project, experiment: "draft", expectedRevision: 1 },
    "experiment.stop": { project, experiment: "ending", expectedRevision: 2 },
    "experiment.note": { ...running, note: "We wait." },
    "experiment.refresh": running,
    "experiment.request": { ...running, request },
    "experiment.results": running,
    "experiment.snapshots": running,
    "experiment.snapshot": { ...running, snapshot },
    "experiment.recompute": { ...running, snapshot },
    "layer.list": { project },
    "layer.create": { project, key: "layer", name: "Layer" },
    "holdout.list": { project },
    "holdout.create": { project, key: "another", name: "Another", parts: 1_000 },
    "holdout.end": { project, holdout: "kept" },
    "ingestion.lag": { project },
    "ingestion.waiting": { project },
    "audit.list": { project },
  };
}

function ofOrganisation({ organisation, project, people, token }: Tenant): Record<string, unknown> {
  const role = { key: "fresh", name: "Fresh", actions: ["project.read"] };
  return {
    "session.me": undefined,
    "organisation.statistics": { organisation },
    "organisation.setStatistics": {
      organisation,
      settings: { ...defaultSettings, alpha: 0.1 },
      expectedRevision: 1,
    },
    "organisation.rename": { organisation, name: "Renamed" },
    "member.access": { project, userId: people.given },
    "member.list": { organisation },
    "member.setRole": { organisation, userId: people.promoted, role: "editor" },
    "member.remove": { organisation, userId: people.removed },
    "team.create": { organisation, key: "fresh", name: "Fresh" },
    "team.update": { organisation, team: "changed", userIds: [people.teamed] },
    "team.remove": { organisation, team: "unused" },
    "role.create": { organisation, role },
    "role.update": { organisation, role: "changed", actions: ["project.read", "audit.read"] },
    "role.give": { organisation, role: "changed", to: { userId: people.given }, on: { project } },
    "role.take": { organisation, role: "viewer", to: { userId: people.taken } },
    "role.remove": { organisation, role: "unused" },
    "token.list": { organisation },
    "token.create": { organisation, kind: "personal", name: "Laptop", roles: [], expiresInDays: 30 },
    "token.revoke": { organisation, id: token },
    "project.order": { organisation, projects: ["waiting", "shop"] },
    "project.create": {
      organisation,
      key: "fresh",
      name: "Fresh",
      environments: [{ key: "production", name: "Production" }],
    },
    "project.archive": { project: `${organisation}/waiting` },
    "project.restore": { organisation, project: "restored" },
  };
}

function ofChanges({ project, fingerprint }: Tenant): Record<string, unknown> {
  const at = { project, flag: "look", environment: "production" };
  const commands = [{ name: "flag.switch", input: { ...at, on: true, expectedRevision: 1 } }];
  const to = (what: (typeof CHANGES)[number]) => ({ project, change: changeTo(what) });
  return {
    "change.list": { project },
    "change.get": to("look"),
    "change.preview": { project, commands },
    "change.propose": { project, title: "Another", commands },
    "change.edit": { ...to("edit"), expectedRevision: 1, title: "Edited" },
    "change.remark": { ...to("look"), text: "Why?" },
    "change.approve": { ...to("approve"), fingerprint },
    "change.decline": { ...to("decline"), text: "No." },
    "change.withdraw": to("withdraw"),
    "change.schedule": { ...to("schedule"), at: new Date(Date.now() + 86_400_000).toISOString(), timeZone: "UTC" },
    "change.unschedule": to("unschedule"),
    "change.applyNow": to("apply"),
    "change.revert": to("revert"),
  };
}
