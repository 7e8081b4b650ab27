import { countEvents, evaluateByOfrep, type SignedInClient } from "./client.ts";
import type { Running } from "./product.ts";

/** What an upgrade must not change, by its name. */
export type Facts = Record<string, unknown>;

interface FlagAnswer {
  name: string;
  type: string;
  archivedAt: string | null;
  variants: unknown[];
  environments: { key: string; revision: number; config: unknown }[];
}
interface AuditPage {
  items: Record<string, unknown>[];
  next: string | null;
}
interface ExperimentAnswer {
  key: string;
  status: string;
  flag: string;
  startedAt: string | null;
  endedAt: string | null;
  arms: unknown;
}
interface ResultsAnswer {
  analysis: { arms: { variant: string; units: number }[] } | null;
}

/** Reads all facts of a project, as somebody who is signed in and as SDKs see them. */
export async function readFacts(
  running: Running,
  client: SignedInClient,
  project: string,
  key: string,
): Promise<Facts> {
  const facts: Facts = {};
  for (const { key: flag } of await client.ask<{ key: string }[]>("flag.list", { project })) {
    const { name, type, archivedAt, variants, environments } = await client.ask<FlagAnswer>("flag.get", {
      project,
      flag,
    });
    const configured = environments.map(({ key, revision, config }) => ({ key, revision, config }));
    facts[`flag ${flag}`] = { name, type, archivedAt, variants, configured };
    for (const { key: environment } of environments) {
      facts[`history of ${flag} in ${environment}`] = await client.ask("flag.history", { project, flag, environment });
    }
  }
  facts["audit trail"] = await readAudit(client, project);
  facts.segments = await client.ask("segment.list", { project });
  for (const experiment of await client.ask<ExperimentAnswer[]>("experiment.list", { project })) {
    const { key, status, flag, startedAt, endedAt, arms } = experiment;
    const { analysis } = await client.ask<ResultsAnswer>("experiment.results", { project, experiment: key });
    facts[`experiment ${key}`] = { status, flag, startedAt, endedAt, arms, counted: analysis?.arms };
  }
  facts.events = await countEvents(running);
  for (let unit = 0; unit < 50; unit++)
    facts[`decisions for unit ${unit}`] = await evaluateByOfrep(running, key, `unit-${unit}`);
  return facts;
}

/** Whether every experiment's results count whom the event store holds. */
export async function isAnalysed(running: Running, client: SignedInClient, project: string): Promise<boolean> {
  const { exposures = [] } = await countEvents(running);
  const stored = exposures as { experiment: string; variant: string; units: string | number }[];
  for (const { key } of await client.ask<ExperimentAnswer[]>("experiment.list", { project })) {
    const { analysis } = await client.ask<ResultsAnswer>("experiment.results", { project, experiment: key });
    const own = stored.filter(({ experiment }) => experiment === key);
    const counted = new Map(analysis?.arms.map(({ variant, units }) => [variant, units]));
    if (own.some(({ variant, units }) => counted.get(variant) !== Number(units))) return false;
  }
  return true;
}

async function readAudit(client: SignedInClient, project: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  for (let before: string | undefined; ; ) {
    const page: AuditPage = await client.ask("audit.list", { project, limit: 100, ...(before && { before }) });
    lines.push(...page.items);
    if (page.next === null) return lines;
    before = page.next;
  }
}
