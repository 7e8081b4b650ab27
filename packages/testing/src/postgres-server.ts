import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@telltale/embedded";

/** A PostgreSQL that a test can stop and start again; its address and data stay. */
export interface TestPostgres extends AsyncDisposable {
  postgresUrl: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts PostgreSQL alone, in a temporary folder. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "telltale-test-"));
  let running = await startPostgres({ dataDirectory });
  const { port } = new URL(running.url);
  return {
    postgresUrl: running.url,
    stop: () => running.stop(),
    async start() {
      running = await startPostgres({ dataDirectory, port: Number(port) });
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
