import { openDatabase } from "@telltale/db";
import { applyMigrations } from "@telltale/db/migrate";
import { startClickHouse, startPostgres } from "@telltale/embedded";
import { type EnvironmentKeys, openEventStore } from "@telltale/events";
import { keepRunning } from "../process/keep-running.ts";
import { explainPostgres } from "./postgres-errors.ts";
import { type LaunchSettings, Refusal } from "./settings.ts";

export interface Databases {
  /** For the applications: where it is the embedded one, not as its superuser. */
  databaseUrl: string;
  clickhouseUrl: string;
  stop(): Promise<void>;
}

/** Starts what is embedded (nothing that a URL was given for) and brings both schemas up to date. */
export async function startDatabases(
  settings: LaunchSettings,
  log: (line: string) => void,
  onTrouble: (sentence: string) => void,
): Promise<Databases> {
  const [postgres, clickhouse] = await startBoth(settings);
  const clickhouseUrl = settings.clickhouseUrl ?? clickhouse?.url ?? "";
  const keepers = [clickhouse, postgres].flatMap((engine) => engine ?? []).map((each) => keepRunning(each, onTrouble));
  const stop = async () => {
    for (const keeper of keepers) await keeper.stop();
  };
  try {
    await migrate(settings.databaseUrl ?? postgres?.url ?? "", clickhouseUrl, settings, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { databaseUrl: settings.databaseUrl ?? postgres?.appUrl ?? "", clickhouseUrl, stop };
}

async function startBoth({ databaseUrl, clickhouseUrl, dataFolder }: LaunchSettings) {
  const options = { dataDirectory: dataFolder };
  const [postgres, clickhouse] = await Promise.allSettled([
    databaseUrl ? undefined : startPostgres(options),
    clickhouseUrl ? undefined : startClickHouse(options),
  ]);
  if (postgres.status === "rejected") {
    if (clickhouse.status === "fulfilled") await clickhouse.value?.stop();
    throw postgres.reason;
  }
  if (clickhouse.status === "rejected") {
    await postgres.value?.stop();
    throw clickhouse.reason;
  }
  return [postgres.value, clickhouse.value] as const;
}

async function migrate(
  databaseUrl: string,
  clickhouseUrl: string,
  { clickhouseCluster: cluster, retentionDays }: LaunchSettings,
  log: (line: string) => void,
) {
  const names = await applyMigrations(databaseUrl).catch((error: unknown) => {
    throw explainPostgres(error) ?? error;
  });
  for (const name of names) log(`Applied migration ${name}`);
  const events = openEventStore({ url: clickhouseUrl, retentionDays, ...(cluster !== undefined && { cluster }) });
  try {
    const environments = await readEnvironmentKeys(databaseUrl);
    for (const { project, environment, rows } of await events.migrate(environments)) {
      log(
        `Events of ${project}/${environment} are kept and read by nobody, since it names no one environment; rows: ${rows}`,
      );
    }
  } catch (error) {
    throw explainClickHouse(error);
  } finally {
    await events.close();
  }
}

/** What keys mean: events that were stored before they were known by ids are carried over with it. */
async function readEnvironmentKeys(databaseUrl: string): Promise<EnvironmentKeys[]> {
  const database = openDatabase(databaseUrl, { poolSize: 1 });
  try {
    const all = await database.environment.findMany({
      select: { id: true, key: true, project: { select: { key: true } } },
    });
    return all.map(({ id, key, project }) => ({ project: project.key, environment: key, environmentId: id }));
  } finally {
    await database.$disconnect();
  }
}

function explainClickHouse(error: unknown): unknown {
  const text = String(error);
  if (!/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|AUTHENTICATION_FAILED|Authentication failed|ETIMEDOUT|certificate/.test(text))
    return error;
  return new Refusal(
    `ClickHouse does not answer as CLICKHOUSE_URL says (${text.split("\n")[0]}): check host, port, user and password.`,
  );
}
