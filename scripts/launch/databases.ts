import { applyMigrations } from "@telltale/db/migrate";
import { startClickHouse, startPostgres } from "@telltale/embedded";
import { openEventStore } from "@telltale/events";
import { Refusal, type Settings } from "./settings.ts";

export interface Databases {
  databaseUrl: string;
  clickhouseUrl: string;
  stop(): Promise<void>;
}

/** Starts what is embedded (nothing that a URL was given for) and brings both schemas up to date. */
export async function startDatabases(
  settings: Settings,
  log: (line: string) => void,
  onTrouble: (sentence: string) => void,
): Promise<Databases> {
  const [postgres, clickhouse] = await startBoth(settings, onTrouble);
  const databaseUrl = settings.databaseUrl ?? postgres?.url ?? "";
  const clickhouseUrl = settings.clickhouseUrl ?? clickhouse?.url ?? "";
  const stop = async () => {
    await clickhouse?.stop();
    await postgres?.stop();
  };
  try {
    await migrate(databaseUrl, clickhouseUrl, settings, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { databaseUrl, clickhouseUrl, stop };
}

interface Engine {
  url: string;
  stop(): Promise<void>;
  onExit(listener: (reason: string) => void): void;
}

async function startBoth(settings: Settings, onTrouble: (sentence: string) => void) {
  const { databaseUrl, clickhouseUrl } = settings;
  const options = { dataDirectory: settings.dataFolder };
  const [postgres, clickhouse] = await Promise.allSettled([
    databaseUrl ? undefined : keepRunning(() => startPostgres(options), onTrouble),
    clickhouseUrl ? undefined : keepRunning(() => startClickHouse(options), onTrouble),
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

const RESTARTS = 5;

/** An engine that is started again, on its port of before, when it dies by itself. */
async function keepRunning(start: () => Promise<Engine>, onTrouble: (sentence: string) => void): Promise<Engine> {
  let stopping = false;
  let deaths = 0;
  let engine = await start();
  const watch = () => engine.onExit((reason) => void again(reason));
  async function again(reason: string) {
    if (stopping) return;
    deaths += 1;
    onTrouble(`${reason} ${deaths > RESTARTS ? "It is not started again." : "Starting it again."}`);
    if (deaths > RESTARTS) return;
    try {
      engine = await start();
      watch();
    } catch (error) {
      await again(String(error));
    }
  }
  watch();
  return {
    url: engine.url,
    onExit: () => undefined,
    stop: async () => {
      stopping = true;
      await engine.stop();
    },
  };
}

async function migrate(
  databaseUrl: string,
  clickhouseUrl: string,
  { clickhouseCluster: cluster, retentionDays }: Settings,
  log: (line: string) => void,
) {
  const names = await applyMigrations(databaseUrl).catch((error: unknown) => {
    throw reachable(error, "PostgreSQL", "DATABASE_URL");
  });
  for (const name of names) log(`Applied migration ${name}`);
  const events = openEventStore({ url: clickhouseUrl, retentionDays, ...(cluster !== undefined && { cluster }) });
  try {
    await events.migrate();
  } catch (error) {
    throw reachable(error, "ClickHouse", "CLICKHOUSE_URL");
  } finally {
    await events.close();
  }
}

function reachable(error: unknown, what: string, variable: string): unknown {
  const text = String(error);
  if (!/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|P1001|Can't reach|password authentication failed|P1000/.test(text))
    return error;
  return new Refusal(
    `${what} does not answer as ${variable} says (${text.split("\n")[0]}): check host, port, user and password.`,
  );
}
