import "server-only";
import { networkInterfaces } from "node:os";
import { type Backend, createBackend } from "@telltale/api/server";
import { env } from "./env.ts";
import { log, logError, shorten } from "./log.ts";

/** Next bundles routes and pages apart, so the one backend of the process hangs on the global object. */
const home = globalThis as typeof globalThis & { telltaleBackend?: Backend };

/** The server side: sign-in, sessions and the API. Made at the first request. */
export function backend(): Backend {
  home.telltaleBackend ??= makeBackend();
  return home.telltaleBackend;
}

function makeBackend(): Backend {
  const { DATABASE_URL, CLICKHOUSE_URL, AUTH_SECRET, PUBLIC_URL, HOST, PORT, EDGE_URL, ...more } = env();
  return createBackend({
    databaseUrl: DATABASE_URL,
    clickhouseUrl: CLICKHOUSE_URL,
    authSecret: AUTH_SECRET,
    publicUrl: PUBLIC_URL ?? `http://localhost:${PORT}`,
    // With PUBLIC_URL that is the one address; without, all that this machine is called.
    origins: PUBLIC_URL === undefined ? ownOrigins(HOST, PORT) : [],
    edgeUrl: more.EDGE_INTERNAL_URL ?? EDGE_URL,
    metricsToken: more.METRICS_TOKEN,
    onError: logError,
    log: (level, message) => log()[level]({ from: "sign-in" }, shorten(message)),
  });
}

function ownOrigins(host: string, port: number): string[] {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
  const names = ["127.0.0.1", "::1", ...(isEverywhere ? addresses : [host])];
  return names.map((name) => `http://${name.includes(":") ? `[${name}]` : name}:${port}`);
}
