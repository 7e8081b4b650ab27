import {
  type Actor,
  ControlError,
  configureFlag,
  createExperiment,
  createFlag,
  createKey,
  createMetric,
  createProject,
  type Database,
  ensureOrganisation,
  ensureUser,
  getExperiment,
  getFlag,
  listExperiments,
  openSignIn,
  saveSegment,
  setMemberRole,
  startExperiment,
  stopExperiment,
} from "@telltale/control";
import { cookieCats, PLAYED } from "./cookie-cats.ts";
import { type DemoFlag, demoFlags } from "./flags.ts";
import { hillstrom } from "./hillstrom.ts";
import type { Story } from "./story.ts";

export const DEMO_PROJECT = "demo/harbour";
const project = DEMO_PROJECT;
const actor: Actor = { kind: "system", name: "demo seed" };

const environments = [
  { key: "development", name: "Development" },
  { key: "staging", name: "Staging" },
  { key: "production", name: "Production", critical: true },
];

/** Who can sign in, by role; in a database of one's own, its owner alone. */
export type DemoPeople = Partial<Record<"owner" | "viewer", { email: string; password: string; name?: string }>>;

/** SDK keys in clear, by environment. */
export type DemoKeys = Record<string, { server: string; client: string }>;

/**
 * Puts the demo project into place through the door; what is there already stays as it is, so that a seed that was
 * cut off can be run again.
 */
export async function seedDemo(database: Database, signInSecret: string, people: DemoPeople): Promise<void> {
  const organisation = await ensureOrganisation(database, { key: "demo", name: "Demo" });
  const signIn = openSignIn(database, { secret: signInSecret, publicUrl: "http://localhost" });
  for (const [role, name] of [
    ["owner", "Olivia Owner"],
    ["viewer", "Vic Viewer"],
  ] as const) {
    const person = people[role];
    if (!person) continue;
    const user = await ensureUser(database, signIn, { name, ...person });
    await setMemberRole(database, actor, { organisation: organisation.key, userId: user.id, role });
  }
  const name = "Harbour Supplies";
  await unlessThere(() =>
    createProject(database, actor, { organisation: organisation.key, key: "harbour", name, environments }),
  );
  await seedSegments(database);
  for (const flag of demoFlags) await seedFlag(database, flag);
  await seedMetrics(database);
  await seedExperiments(database);
}

/** Whether anybody can sign in to this database. */
export async function hasPeople(database: Database): Promise<boolean> {
  return (await database.user.count()) > 0;
}

/** Creates a server and a client key for each environment. */
export async function createDemoKeys(database: Database): Promise<DemoKeys> {
  const keys: DemoKeys = {};
  for (const { key: environment } of environments) {
    const create = (audience: "server" | "client") =>
      createKey(database, actor, { project, environment, audience, name: `Demo ${audience}` });
    keys[environment] = { server: (await create("server")).key, client: (await create("client")).key };
  }
  return keys;
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ControlError && error.code === "EXISTS")) throw error;
  }
}

async function seedSegments(database: Database) {
  const save = (key: string, name: string, definition: Parameters<typeof saveSegment>[2]["definition"]) =>
    unlessThere(() => saveSegment(database, actor, { project, key, name, definition, expectedRevision: null }));
  await save("staff", "Staff", {
    included: [],
    excluded: [],
    rules: [[{ attribute: "email", op: "endsWith", values: ["@harbour.example"] }]],
  });
  await save("crew", "Crew", { included: ["shopper-1", "shopper-2", "shopper-3"], excluded: [], rules: [] });
}

async function seedFlag(database: Database, flag: DemoFlag) {
  const { key, name, description, type, variants } = flag;
  await unlessThere(() => createFlag(database, actor, { project, key, name, description, type, variants }));
  const { environments: states } = await getFlag(database, actor, { project, flag: key });
  for (const { key: environment, revision } of states) {
    if (revision > 1) continue;
    const config = { ...flag.config, ...flag.environments?.[environment] };
    await configureFlag(database, actor, { project, flag: key, environment, expectedRevision: 1, config });
  }
}

async function seedMetrics(database: Database) {
  const conversion = (event: string) => ({ kind: "conversion" as const, source: { event, where: [] } });
  const backOn = (day: number) => ({
    kind: "retention" as const,
    source: { event: PLAYED, where: [] },
    fromDay: day,
    toDay: day,
  });
  const metrics = [
    { key: "purchase", name: "Purchase", definition: conversion("purchase"), minimumEffect: 0.2 },
    { key: "retention-7", name: "Back after 7 days", definition: backOn(7), minimumEffect: 0.05 },
    { key: "retention-1", name: "Back after 1 day", definition: backOn(1), minimumEffect: 0.02 },
    { key: "visit", name: "Visit", definition: conversion("visit"), minimumEffect: 0.1 },
    { key: "order", name: "Order", definition: conversion("order"), minimumEffect: 0.2 },
  ];
  for (const metric of metrics) await unlessThere(() => createMetric(database, actor, { project, ...metric }));
}

/** Parts of 100,000 for each variant, equal but for what is left over. */
function evenly(...variants: string[]) {
  const parts = Math.floor(100_000 / variants.length);
  const rest = 100_000 - parts * variants.length;
  return variants.map((variant, index) => ({ variant, parts: index === 0 ? parts + rest : parts }));
}

async function seedExperiments(database: Database) {
  await seedExperiment(database, new Date(), {
    key: "checkout-button",
    name: "A delivery promise on the button",
    hypothesis: "Because shoppers ask when it arrives, we expect more purchases if the button says so.",
    flag: "checkout-button",
    arms: evenly("plain", "promise"),
    metrics: [{ key: "purchase", role: "primary" }],
    plannedUnits: 20_000,
  });
  await seedExperiment(database, beginning(cookieCats), {
    key: cookieCats.experiment,
    name: "Cookie Cats: first gate at level 30 or 40",
    hypothesis: "Because players who pause come back, a later gate may keep fewer of them. (Published test, replayed.)",
    flag: cookieCats.flag,
    arms: evenly("gate_30", "gate_40"),
    metrics: [
      { key: "retention-7", role: "primary" },
      { key: "retention-1", role: "secondary" },
    ],
    // As it was published: one test of each metric, of all players. A fixed plan looks once, when its units are reached.
    plannedUnits: 90_189,
    settings: { method: "fixed" },
  });
  await seedExperiment(database, beginning(hillstrom), {
    key: hillstrom.experiment,
    name: "Catalogue by e-mail (Hillstrom)",
    hypothesis: "Because customers forget us, an e-mail brings some of them back. (Published test, replayed.)",
    flag: hillstrom.flag,
    arms: evenly("no-email", "mens", "womens"),
    metrics: [
      { key: "visit", role: "primary" },
      { key: "order", role: "secondary" },
    ],
    plannedUnits: 64_000,
  });
}

/** A story's last day was yesterday. */
function beginning({ durationMs }: Story): Date {
  return new Date(Date.now() - durationMs - 86_400_000);
}

type Plan = Omit<Parameters<typeof createExperiment>[2], "project" | "environment">;

async function seedExperiment(database: Database, at: Date, plan: Plan) {
  await unlessThere(() => createExperiment(database, actor, { project, environment: "production", ...plan }));
  const { status, revision } = await getExperiment(database, actor, { project, experiment: plan.key });
  if (status !== "draft") return;
  await startExperiment(database, actor, {
    project,
    experiment: plan.key,
    expectedRevision: revision,
    at: at.toISOString(),
  });
}

/** The published experiments that the demo tells. */
export const stories: readonly Story[] = [cookieCats, hillstrom];

/** When a story began, where it is still to be replayed; a demo that an older release made has fewer of them. */
export async function pendingSince(database: Database, { experiment }: Story): Promise<Date | null> {
  const all = await listExperiments(database, actor, { project });
  const found = all.find(({ key }) => key === experiment);
  return found?.status === "running" ? found.startedAt : null;
}

/** Ends a replayed experiment on the day its story ended. */
export async function endStory(database: Database, { experiment, durationMs }: Story): Promise<void> {
  const { startedAt, status, revision } = await getExperiment(database, actor, { project, experiment });
  if (status !== "running" || !startedAt) return;
  const at = new Date(startedAt.getTime() + durationMs).toISOString();
  await stopExperiment(database, actor, { project, experiment, expectedRevision: revision, at });
}
