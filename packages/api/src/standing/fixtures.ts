import { defaultSettings } from "@telltale/analysis";
import {
  type Actor,
  applyChange,
  archiveEnvironment,
  archiveProject,
  createEnvironment,
  createExperiment,
  createFlag,
  createHoldout,
  createKey,
  createProject,
  createRole,
  createTeam,
  createToken,
  type Database,
  ensureOrganisation,
  getChange,
  proposeChange,
  requestAnalysis,
  saveSegment,
  scheduleChange,
  setMemberRole,
  switchFlag,
} from "@telltale/control";
import { analyseTest, startTestExperiment } from "../experiment/fixtures.ts";
import { openTestBackend, type TestBackend } from "../fixtures.ts";

const system = { kind: "system", name: "demo seed" } as const;

/** What a tenant has, as far as only the database knows it. */
export interface Tenant {
  organisation: string;
  project: string;
  snapshot: string;
  request: string;
  key: { id: string; hint: string };
  /** A service token. */
  token: string;
  /** Members, by what is done to them. */
  people: Record<"promoted" | "removed" | "teamed" | "given" | "taken", string>;
  /** What is looked at when the change that is approved is. */
  fingerprint: string;
}

/**
 * Two tenants, `demo` and `next`, whose projects, flags, segments, metrics and experiments have equal keys; an owner and
 * a viewer of the first, the owner of the second (`neighbour`), and an `outsider` of both.
 */
export async function openTwoTenants() {
  const backend = await openTestBackend();
  const demo = await fillTenant(backend, "demo");
  const next = await addTenant(backend, "next");
  const { id: userId } = await backend.addPerson("neighbour");
  await setMemberRole(backend.database, system, { organisation: "next", userId, role: "owner" });
  return { ...backend, demo, next };
}

/** Another organisation with all that a tenant has. */
export async function addTenant(backend: TestBackend, organisation: string): Promise<Tenant> {
  const { database } = backend;
  await ensureOrganisation(database, { key: organisation, name: organisation });
  const environments = [{ key: "production", name: "Production", critical: true }];
  await createProject(database, system, { organisation, key: "shop", name: "Shop", environments });
  const project = `${organisation}/shop`;
  await createFlag(database, system, { project, key: "banner", name: "Banner", type: "boolean" });
  return fillTenant(backend, organisation);
}

async function fillTenant(backend: TestBackend, organisation: string): Promise<Tenant> {
  const { database } = backend;
  const project = `${organisation}/shop`;
  const { id: userId } = await backend.addPerson(`boss-of-${organisation}`);
  await setMemberRole(database, system, { organisation, userId, role: "owner" });
  const boss: Actor = { kind: "user", userId };
  const order = await startTestExperiment(database, "running", true, project);
  await startTestExperiment(database, "ending", false, project);
  const snapshot = await analyseTest(database, order, 450);
  const { request } = await requestAnalysis(database, system, { project, experiment: "running" });
  await fillProject(database, organisation);
  const people = await addMembers(backend, organisation, boss);
  const { token, key } = await fillOrganisation(database, organisation, boss);
  const fingerprint = await fillChanges(database, project, boss);
  return { organisation, project, snapshot, request, key, token, people, fingerprint };
}

async function fillProject(database: Database, organisation: string): Promise<void> {
  const project = `${organisation}/shop`;
  const definition = { included: [`one of ${organisation}`], excluded: [], rules: [] };
  await saveSegment(database, system, { project, key: "crew", name: "Crew", definition, expectedRevision: null });
  const spare = { project, type: "boolean" as const };
  await createFlag(database, system, { ...spare, key: "spare", name: `Spare of ${organisation}` });
  for (const key of ["gone", "switched", "reverted"]) await createFlag(database, system, { ...spare, key, name: key });
  const at = { project, flag: "reverted", environment: "production" };
  await switchFlag(database, system, { ...at, on: true, expectedRevision: 1 });
  await createExperiment(database, system, {
    ...{ project, key: "draft", name: "Draft", flag: "spare", environment: "production", arms },
    metrics: [{ key: "bought", role: "primary" }],
  });
  await createHoldout(database, system, { project, key: "kept", name: "Kept", parts: 1_000 });
}

async function addMembers(backend: TestBackend, organisation: string, boss: Actor): Promise<Tenant["people"]> {
  const ids: string[] = [];
  for (const name of ["promoted", "removed", "teamed", "given", "taken"]) {
    const { id: userId } = await backend.addPerson(`${name}-in-${organisation}`);
    await setMemberRole(backend.database, boss, { organisation, userId, role: "viewer" });
    ids.push(userId);
  }
  const [promoted = "", removed = "", teamed = "", given = "", taken = ""] = ids;
  return { promoted, removed, teamed, given, taken };
}

async function fillOrganisation(database: Database, organisation: string, boss: Actor) {
  const project = `${organisation}/shop`;
  for (const key of ["waiting", "restored"]) {
    await createEnvironment(database, boss, { project, key, name: key });
    await createProject(database, boss, {
      organisation,
      key,
      name: key,
      environments: [{ key: "only", name: "Only" }],
    });
  }
  await archiveEnvironment(database, boss, { project, environment: "restored" });
  await archiveProject(database, boss, { project: `${organisation}/restored` });
  for (const key of ["changed", "unused"]) {
    await createTeam(database, boss, { organisation, key, name: key });
    await createRole(database, boss, { organisation, role: { key, name: key, actions: ["project.read"] } });
  }
  const service = { kind: "service" as const, name: "Old", roles: [{ role: "viewer" }], expiresInDays: null };
  const { id: token } = await createToken(database, boss, { organisation, ...service });
  const audience = "server" as const;
  const made = await createKey(database, system, {
    ...{ project, environment: "production", name: `Key of ${organisation}`, audience },
  });
  const { hint } = await database.sdkKey.findUniqueOrThrow({ where: { id: made.id } });
  return { token, key: { id: made.id, hint } };
}

/** One change-set for each thing that may be done to one, on a flag of its own. @returns of the one to be approved */
async function fillChanges(database: Database, project: string, boss: Actor): Promise<string> {
  for (const name of CHANGES) {
    await createFlag(database, system, { project, key: name, name, type: "boolean" });
    const on = { project, flag: name, environment: "production", on: true, expectedRevision: 1 };
    const commands = [{ name: "flag.switch", input: on }];
    await proposeChange(database, boss, { project, title: name, commands });
  }
  const at = new Date(Date.now() + 86_400_000).toISOString();
  await scheduleChange(database, boss, { project, change: changeTo("unschedule"), at, timeZone: "Europe/Berlin" });
  await applyChange(database, boss, { project, change: changeTo("revert") });
  return (await getChange(database, boss, { project, change: changeTo("approve") })).fingerprint;
}

/** In the order of their numbers. */
const CHANGES = [
  "look",
  "edit",
  "approve",
  "decline",
  "withdraw",
  "schedule",
  "unschedule",
  "apply",
  "revert",
] as const;
const changeTo = (what: (typeof CHANGES)[number]) => CHANGES.indexOf(what) + 1;

const config = { on: true, off: "off", targets: [], rules: [], serve: { variant: "on" } };
const arms = [
  { variant: "off", parts: 50_000 },
  { variant: "on", parts: 50_000 },
];

/**
 * An input of every procedure, about what a tenant has. Whoever may do it all can do it in this order; nothing is done by
 * one who may not.
 */
export function inputsOf(tenant: Tenant): Record<string, unknown> {
  return { ...ofOrganisation(tenant), ...ofProject(tenant), ...ofExperiments(tenant), ...ofChanges(tenant) };
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
    "flag.list": { project },
    "flag.get": { project, flag: "banner" },
    "flag.history": { project, flag: "banner" },
    "flag.usage": { ...at, window: "day" },
    "flag.lastSeen": { project },
    "flag.create": { project, key: "fresh", name: "Fresh", type: "boolean" },
    "flag.configure": { ...at, expectedRevision: 1, config },
    "flag.switch": { ...at, flag: "switched", expectedRevision: 1, on: true },
    "flag.revert": { ...at, flag: "reverted", expectedRevision: 2, toRevision: 1 },
    "flag.setVisibility": { project, flag: "spare", visibility: "server" },
    "flag.archive": { project, flag: "gone" },
    "segment.list": { project },
    "segment.get": { project, key: "crew" },
    "segment.save": {
      ...{ project, key: "staff", name: "Staff", expectedRevision: null },
      definition: { included: ["ana"], excluded: [], rules: [] },
    },
    "metric.list": { project },
    "metric.get": { project, metric: "bought" },
    "metric.create": {
      ...{ project, key: "visits", name: "Visits" },
      definition: { kind: "conversion", source: { event: "visit", where: [] } },
    },
    "metric.update": { project, metric: "visits", expectedRevision: 1, margin: 0.05 },
  };
}

function ofExperiments({ project, snapshot, request }: Tenant): Record<string, unknown> {
  const running = { project, experiment: "running" };
  const planned = { project, experiment: "planned" };
  return {
    "experiment.list": { project },
    "experiment.get": running,
    "experiment.create": {
      ...{ project, key: "planned", name: "Planned", flag: "spare", environment: "production", arms },
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
      ...{ organisation, settings: { ...defaultSettings, alpha: 0.1 }, expectedRevision: 1 },
    },
    "organisation.rename": { organisation, name: "Renamed" },
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
      ...{ organisation, key: "fresh", name: "Fresh", environments: [{ key: "production", name: "Production" }] },
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
