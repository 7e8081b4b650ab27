import { defaultSettings } from "@telltale/analysis";
import {
  createExperiment,
  createFlag,
  createHoldout,
  createKey,
  createProject,
  type Database,
  ensureOrganisation,
  requestAnalysis,
  saveSegment,
  setMemberRole,
} from "@telltale/control";
import { analyseTest, startTestExperiment } from "../experiment/fixtures.ts";
import { openTestBackend } from "../fixtures.ts";

const system = { kind: "system", name: "demo seed" } as const;

/** What a tenant has, as far as only the database knows it. */
export interface Tenant {
  organisation: string;
  project: string;
  snapshot: string;
  request: string;
  key: { id: string; hint: string };
}

/**
 * Two tenants, `demo` and `next`, whose projects, flags, segments, metrics and experiments have equal keys; an owner and
 * a viewer of the first, the owner of the second (`neighbour`), and an `outsider` of both.
 */
export async function openTwoTenants() {
  const backend = await openTestBackend();
  const { database } = backend;
  await ensureOrganisation(database, { key: "next", name: "Next" });
  const environments = [{ key: "production", name: "Production", critical: true }];
  await createProject(database, system, { organisation: "next", key: "shop", name: "Shop", environments });
  await createFlag(database, system, { project: "next/shop", key: "banner", name: "Banner", type: "boolean" });
  const { id: userId } = await backend.addPerson("neighbour");
  await setMemberRole(database, system, { organisation: "next", userId, role: "owner" });
  return { ...backend, demo: await fillTenant(database, "demo"), next: await fillTenant(database, "next") };
}

async function fillTenant(database: Database, organisation: string): Promise<Tenant> {
  const project = `${organisation}/shop`;
  const order = await startTestExperiment(database, "running", true, project);
  await startTestExperiment(database, "ending", false, project);
  const snapshot = await analyseTest(database, order, 450);
  const { request } = await requestAnalysis(database, system, { project, experiment: "running" });
  const definition = { included: [`one of ${organisation}`], excluded: [], rules: [] };
  await saveSegment(database, system, { project, key: "crew", name: "Crew", definition, expectedRevision: null });
  const spare = { project, type: "boolean" as const };
  await createFlag(database, system, { ...spare, key: "spare", name: `Spare of ${organisation}` });
  await createFlag(database, system, { ...spare, key: "gone", name: "To be archived" });
  await createExperiment(database, system, {
    ...{ project, key: "draft", name: "Draft", flag: "spare", environment: "production", arms },
    metrics: [{ key: "bought", role: "primary" }],
  });
  await createHoldout(database, system, { project, key: "kept", name: "Kept", parts: 1_000 });
  const made = await createKey(database, system, {
    ...{ project, environment: "production", name: `Key of ${organisation}`, audience: "server" },
  });
  const { hint } = await database.sdkKey.findUniqueOrThrow({ where: { id: made.id } });
  return { organisation, project, snapshot, request, key: { id: made.id, hint } };
}

const config = { on: true, off: "off", targets: [], rules: [], serve: { variant: "on" } };
const arms = [
  { variant: "off", parts: 50_000 },
  { variant: "on", parts: 50_000 },
];

/**
 * An input of every procedure, about what a tenant has. Whoever may do it all can do it in this order; nothing is done by
 * one who may not.
 */
export function inputsOf({ organisation, project, snapshot, request, key }: Tenant): Record<string, unknown> {
  const at = { project, flag: "spare", environment: "production" };
  const running = { project, experiment: "running" };
  const planned = { project, experiment: "planned" };
  return {
    "session.me": undefined,
    "organisation.statistics": { organisation },
    "organisation.setStatistics": {
      ...{ organisation, settings: { ...defaultSettings, alpha: 0.1 }, expectedRevision: 1 },
    },
    "project.get": { project },
    "project.keys": { project },
    "project.createKey": { project, environment: "production", name: "Another", audience: "client" },
    "project.revokeKey": { project, id: key.id },
    "flag.list": { project },
    "flag.get": { project, flag: "banner" },
    "flag.history": { project, flag: "banner" },
    "flag.usage": { ...at, window: "day" },
    "flag.lastSeen": { project },
    "flag.create": { project, key: "fresh", name: "Fresh", type: "boolean" },
    "flag.configure": { ...at, expectedRevision: 1, config },
    "flag.switch": { ...at, expectedRevision: 2, on: false },
    "flag.revert": { ...at, expectedRevision: 3, toRevision: 2 },
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
