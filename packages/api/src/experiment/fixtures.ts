import { type AnalysisInputs, analyse, chooseStepSeconds, ENGINE } from "@telltale/analysis";
import {
  type AnalysisOrder,
  analysisOrder,
  createExperiment,
  createMetric,
  type Database,
  getFlag,
  parseProjectAddress,
  saveSnapshot,
  startExperiment,
  switchFlag,
} from "@telltale/control";

const system = { kind: "system", name: "demo seed" } as const;
const from = new Date("2026-11-01T00:00:00Z");
export const dataTo = new Date("2026-11-08T00:00:00Z");

/** A running experiment on the flag `banner`, with a conversion as its primary metric. For tests only. */
export async function startTestExperiment(
  database: Database,
  key: string,
  isFirst: boolean,
  project = "demo/shop",
): Promise<AnalysisOrder> {
  if (isFirst) {
    const definition = { kind: "conversion" as const, source: { event: "purchase" } };
    await createMetric(database, system, { project, key: "bought", name: "Bought", definition });
    const { environments } = await getFlag(database, system, { project, flag: "banner" });
    const expectedRevision = environments[0]?.revision ?? 0;
    const at = { project, flag: "banner", environment: "production" };
    await switchFlag(database, system, { ...at, on: true, expectedRevision });
  }
  await createExperiment(database, system, {
    project,
    key,
    name: key,
    flag: "banner",
    environment: "production",
    plannedUnits: 10_000,
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    metrics: [{ key: "bought", role: "primary" }],
  });
  await startExperiment(database, system, { project, experiment: key, expectedRevision: 1, at: from.toISOString() });
  const { id } = await database.experiment.findFirstOrThrow({
    where: { key, project: { organisation: { key: parseProjectAddress(project).organisation } } },
  });
  const order = await analysisOrder(database, id);
  if (!order) throw new Error("It has started.");
  return order;
}

/** Who bought, of 4,000 in each arm, with what they did before as a covariate: half of it explains half of that. */
function found(variant: string, converted: number) {
  const n = 4_000;
  const share = converted / n;
  const yy = n * share * (1 - share);
  const before = { n, meanY: share, meanX: 0.5, yy, xx: n * 0.25, xy: 0.5 * Math.sqrt(yy * n * 0.25) };
  const metrics = { bought: { form: "share" as const, n, converted, before } };
  return { variant, units: n, metrics };
}

/** Stores what the analysis says when so many of the treatment bought. @returns the snapshot's id */
export async function analyseTest(
  database: Database,
  order: AnalysisOrder,
  converted: number,
  breakdown: string | null = null,
): Promise<string> {
  const variants = [found("off", 400), found("on", converted)];
  const inputs: AnalysisInputs = {
    plan: order.plan,
    status: order.status,
    breakdown,
    editedSince: [],
    stepSeconds: chooseStepSeconds(dataTo.getTime() - from.getTime()),
    window: { from: from.toISOString(), to: dataTo.toISOString() },
    moments: {
      variants,
      severalVariants: 0,
      series: [],
      caps: {},
      events: { bought: 800 },
      firstExposure: from.toISOString(),
      lastEvent: dataTo.toISOString(),
      ...(breakdown === null ? {} : { breakdown: [{ value: "DE", variants }] }),
    },
  };
  const { id } = await saveSnapshot(database, {
    experimentId: order.id,
    breakdown,
    engine: ENGINE,
    dataTo,
    digest: `${converted}`,
    inputs: { ...inputs, query: { text: "select {p:String}", parameters: { p: "shop" } } },
    analysis: analyse(inputs),
  });
  return id;
}
