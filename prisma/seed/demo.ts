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
  openSignIn,
  saveSegment,
  setMember,
  startExperiment,
  stopExperiment,
} from "@telltale/control";
import { experimentKey, flagKey, STORY_MS } from "./cookie-cats.ts";
import { type DemoFlag, demoFlags } from "./flags.ts";

export const DEMO_PROJECT = "harbour";
const project = DEMO_PROJECT;
const actor: Actor = { kind: "system", name: "demo seed" };

const environments = [
  { key: "development", name: "Development" },
  { key: "staging", name: "Staging" },
  { key: "production", name: "Production", critical: true },
];

export interface DemoPeople {
  owner: { email: string; password: string };
  viewer: { email: string; password: string };
}

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
    const user = await ensureUser(database, signIn, { name, ...people[role] });
    await setMember(database, actor, { organisationId: organisation.id, userId: user.id, role });
  }
  const name = "Harbour Supplies";
  await unlessThere(() =>
    createProject(database, actor, { organisationId: organisation.id, key: project, name, environments }),
  );
  await seedSegments(database);
  for (const flag of demoFlags) await seedFlag(database, flag);
  await seedMetrics(database);
  await seedExperiments(database);
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
  const metrics = [
    { key: "purchase", name: "Purchase", eventName: "purchase" },
    { key: "retention-7", name: "Back after 7 days", eventName: "retention-7" },
    { key: "retention-1", name: "Back after 1 day", eventName: "retention-1" },
  ];
  for (const metric of metrics) await unlessThere(() => createMetric(database, actor, { project, ...metric }));
}

async function seedExperiments(database: Database) {
  const half = (control: string, treatment: string) => [
    { variant: control, parts: 50_000 },
    { variant: treatment, parts: 50_000 },
  ];
  await seedExperiment(database, new Date(), {
    key: "checkout-button",
    name: "A delivery promise on the button",
    hypothesis: "Because shoppers ask when it arrives, we expect more purchases if the button says so.",
    flag: "checkout-button",
    arms: half("plain", "promise"),
    metrics: [{ key: "purchase", role: "primary" }],
  });
  await seedExperiment(database, new Date(Date.now() - STORY_MS - 86_400_000), {
    key: experimentKey,
    name: "Cookie Cats: first gate at level 30 or 40",
    hypothesis: "Because players who pause come back, a later gate may keep fewer of them. (Published test, replayed.)",
    flag: flagKey,
    arms: half("gate_30", "gate_40"),
    metrics: [
      { key: "retention-7", role: "primary" },
      { key: "retention-1", role: "secondary" },
    ],
  });
}

type Plan = Omit<Parameters<typeof createExperiment>[2], "project" | "environment">;

async function seedExperiment(database: Database, at: Date, plan: Plan) {
  await unlessThere(() => createExperiment(database, actor, { project, environment: "production", ...plan }));
  const { status, revision } = await getExperiment(database, actor, { project, experiment: plan.key });
  if (status !== "draft") return;
  await startExperiment(database, actor, { project, experiment: plan.key, expectedRevision: revision, at });
}

/** When the replayed experiment began, and whether it is still to be replayed. */
export async function cookieCatsState(database: Database): Promise<{ start: Date; pending: boolean }> {
  const { startedAt, status } = await getExperiment(database, actor, { project, experiment: experimentKey });
  return { start: startedAt ?? new Date(), pending: status === "running" };
}

/** Ends the replayed experiment on the day its story ended. */
export async function endCookieCats(database: Database): Promise<void> {
  const { startedAt, status, revision } = await getExperiment(database, actor, { project, experiment: experimentKey });
  if (status !== "running" || !startedAt) return;
  const at = new Date(startedAt.getTime() + STORY_MS);
  await stopExperiment(database, actor, { project, experiment: experimentKey, expectedRevision: revision, at });
}
