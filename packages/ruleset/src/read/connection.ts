import { requireScram, requiresScram } from "@telltale/db/require-scram";
import pg from "pg";
import { CHANNEL } from "../channel.ts";

export interface ConnectionOptions {
  databaseUrl: string;
  /** A database that is silent for longer is away, milliseconds. */
  answerTimeoutMs: number;
  onNotification: (payload: string | undefined) => void;
  /** It broke after it stood. */
  onBroken: (error: Error) => void;
}

/** A session that listens already: what is published from now on is heard. */
export async function openListeningSession(options: ConnectionOptions): Promise<pg.Client> {
  const { databaseUrl, answerTimeoutMs: timeoutMs } = options;
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "telltale ruleset reader",
    keepAlive: true,
    // A database that is stopped, or a network that swallows packets, fails nothing by itself.
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  if (requiresScram(databaseUrl)) requireScram(client);
  client.on("error", options.onBroken);
  client.on("notification", ({ payload }) => options.onNotification(payload));
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
  } catch (error) {
    hangUp(client);
    throw error;
  }
  return client;
}

/** Says goodbye and does not wait: on a connection that broke, `end` may never answer. */
export function hangUp(client: pg.Client): void {
  client.removeAllListeners();
  client.on("error", () => undefined);
  client.end().catch(() => undefined);
}
