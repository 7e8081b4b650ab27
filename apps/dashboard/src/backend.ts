import "server-only";
import { type Backend, createBackend } from "@telltale/api/server";
import { env } from "./env.ts";

/** Next bundles routes and pages apart, so the one backend of the process hangs on the global object. */
const home = globalThis as typeof globalThis & { telltaleBackend?: Backend };

/** The server side: sign-in, sessions and the API. Made at the first request. */
export function backend(): Backend {
  home.telltaleBackend ??= makeBackend();
  return home.telltaleBackend;
}

function makeBackend(): Backend {
  const { DATABASE_URL, CLICKHOUSE_URL, AUTH_SECRET, PUBLIC_URL, EDGE_URL, METRICS_TOKEN } = env();
  return createBackend({
    databaseUrl: DATABASE_URL,
    clickhouseUrl: CLICKHOUSE_URL,
    authSecret: AUTH_SECRET,
    publicUrl: PUBLIC_URL,
    edgeUrl: EDGE_URL,
    metricsToken: METRICS_TOKEN,
  });
}
