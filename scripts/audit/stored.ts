import fs from "node:fs";
import path from "node:path";
import { type Database, isReachable, openDatabase } from "@telltale/db";
import { startPostgres } from "@telltale/embedded";
import { type LaunchSettings, Refusal } from "../launch/settings.ts";
import { readRunning } from "../launch/state.ts";

/** The product's database, running or not. */
export interface Stored {
  database: Database;
  /** Stops what was started for this only. */
  close(): Promise<void>;
}

/** Opens the database of one's own, that of the running product, or the data folder's, started for this only. @throws Refusal */
export async function openStored(settings: Pick<LaunchSettings, "databaseUrl" | "dataFolder">): Promise<Stored> {
  const { databaseUrl, dataFolder } = settings;
  if (databaseUrl) {
    const stored = await connect(databaseUrl);
    if (stored) return stored;
    throw new Refusal("PostgreSQL does not answer as DATABASE_URL says: check host, port, user and password.");
  }
  const running = readRunning(dataFolder);
  const stored = running && (await connect(running.databaseUrl));
  if (stored) return stored;
  if (!fs.existsSync(path.join(dataFolder, "postgres.json"))) {
    throw new Refusal(`${dataFolder} holds no data of Telltale: set TELLTALE_DATA to the folder that does.`);
  }
  const postgres = await startPostgres({ dataDirectory: dataFolder });
  const database = openDatabase(postgres.url);
  return {
    database,
    close: async () => {
      await database.$disconnect();
      // One that was there already belongs to somebody else.
      if (!postgres.adopted) await postgres.stop();
    },
  };
}

async function connect(url: string): Promise<Stored | undefined> {
  const database = openDatabase(url);
  if (await isReachable(database)) return { database, close: () => database.$disconnect() };
  await database.$disconnect();
  return undefined;
}
