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
  createMetric,
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
  updateMetric,
} from "@telltale/control";
import { analyseTest, startTestExperiment } from "../experiment/fixtures.ts";
import { openTestBackend, type TestBackend } from "../fixtures.ts";
import { fillReleases } from "./releases.ts";

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
  const people = await addMembers(backend, organisation);
  const { token, key } = await fillOrganisation(database, organisation, boss);
  const fingerprint = await fillChanges(database, project, boss);
  await fillReleases(database, project, boss);
  return { organisation, project, snapshot, request, key, token, people, fingerprint };
}

async function fillProject(database: Database, organisation: string): Promise<void> {
  const project = `${organisation}/shop`;
  const definition = { included: [`one of ${organisation}`], excluded: [], rules: [] };
  await saveSegment(database, system, { project, key: "crew", name: "Crew", definition, expectedRevision: null });
  const reverted = { project, key: "reverted", name: "Reverted" };
  await saveSegment(database, system, { ...reverted, definition, expectedRevision: null });
  const ids = { ...definition, excluded: ["eve"] };
  await saveSegment(database, system, { ...reverted, definition: ids, expectedRevision: 1 });
  const metric = { project, key: "reverted", name: `Metric of ${organisation}` };
  await createMetric(database, system, {
    ...metric,
    definition: { kind: "conversion", source: { event: "visit", where: [] } },
  });
  const renaming = { kind: "setName" as const, name: "Renamed" };
  await updateMetric(database, system, { project, metric: "reverted", instructions: [renaming] });
  const spare = { project, type: "boolean" as const };
  await createFlag(database, system, { ...spare, key: "spare", name: `Spare of ${organisation}` });
  for (const key of ["gone", "switched", "reverted", "updated"])
    await createFlag(database, system, { ...spare, key, name: key });
  const at = { project, flag: "reverted", environment: "production" };
  await switchFlag(database, system, { ...at, on: true, expectedRevision: 1 });
  await createExperiment(database, system, {
    project,
    key: "draft",
    name: "Draft",
    flag: "spare",
    environment: "production",
    arms,
    metrics: [{ key: "bought", role: "primary" }],
  });
  await createHoldout(database, system, { project, key: "kept", name: "Kept", parts: 1_000 });
}

async function addMembers(backend: TestBackend, organisation: string): Promise<Tenant["people"]> {
  const ids: string[] = [];
  for (const name of ["promoted", "removed", "teamed", "given", "taken"]) {
    const { id: userId } = await backend.addPerson(`${name}-in-${organisation}`);
    await setMemberRole(backend.database, system, { organisation, userId, role: "viewer" });
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
    project,
    environment: "production",
    name: `Key of ${organisation}`,
    audience,
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

/** What is done to change-sets, in the order of their numbers. */
export const CHANGES = [
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
/** The number of the change-set for that. */
export const changeTo = (what: (typeof CHANGES)[number]) => CHANGES.indexOf(what) + 1;

/** Half and half. */
export const arms = [
  { variant: "off", parts: 50_000 },
  { variant: "on", parts: 50_000 },
];
