import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startClickHouse, startPostgres } from "@telltale/embedded";

/** One PostgreSQL and one ClickHouse in a temporary folder, gone with `await using`. */
export interface TestDatabases extends AsyncDisposable {
  /** An empty database; `createDatabase` makes migrated ones beside it. */
  postgresUrl: string;
  /** `createEventStore` makes databases in it. */
  clickhouseUrl: string;
}

/** Starts both engines, as a first run of the product does. */
export async function startTestDatabases(): Promise<TestDatabases> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "telltale-test-"));
  const stops: (() => Promise<void>)[] = [];
  const end = async () => {
    await Promise.all(stops.map((stop) => stop()));
    await rm(dataDirectory, { recursive: true, force: true });
  };
  const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    stops.push(started.stop);
    return started;
  };
  const [postgres, clickhouse] = await Promise.allSettled([
    keep(startPostgres({ dataDirectory })),
    keep(startClickHouse({ dataDirectory })),
  ]);
  if (postgres.status === "fulfilled" && clickhouse.status === "fulfilled") {
    const [postgresUrl, clickhouseUrl] = [postgres.value.url, clickhouse.value.url];
    return { postgresUrl, clickhouseUrl, [Symbol.asyncDispose]: end };
  }
  await end();
  throw postgres.status === "rejected" ? postgres.reason : clickhouse.status === "rejected" ? clickhouse.reason : "";
}
