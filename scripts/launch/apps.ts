import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Child, startChild } from "../process/child.ts";
import { innerUrl, personUrl } from "./addresses.ts";
import type { Databases } from "./databases.ts";
import { type LaunchSettings, Refusal, root } from "./settings.ts";
import type { Demo, Secrets } from "./state.ts";

interface App {
  name: string;
  args: { start: string[]; dev: string[] };
  env: Record<string, string>;
  /** Answers 2xx when the app is ready; absent for apps without a port. */
  readyUrl?: string;
}

const tsx = ["--import", "tsx", "src/main.ts"];
const tsxWatch = ["node_modules/tsx/dist/cli.mjs", "watch", "--clear-screen=false", "src/main.ts"];
const next = "node_modules/next/dist/bin/next";
const READY_LIMIT_MS = 90_000;

/** Where people and SDKs come: as configured, else this machine. */
export function publicUrls({ host, ports, publicUrl, edgeUrl }: LaunchSettings) {
  return {
    dashboardUrl: publicUrl ?? personUrl(host, ports.dashboard),
    edgeUrl: edgeUrl ?? personUrl(host, ports.edge),
    storefrontUrl: personUrl(host, ports.storefront),
  };
}

function describeApps(settings: LaunchSettings, databases: Databases, secrets: Secrets, demo: Demo): App[] {
  const { ports, host } = settings;
  const urls = { DATABASE_URL: databases.databaseUrl, CLICKHOUSE_URL: databases.clickhouseUrl };
  const { edgeUrl, dashboardUrl } = publicUrls(settings);
  const edgeUrls = { EDGE_URL: edgeUrl, EDGE_INTERNAL_URL: innerUrl(host, ports.edge) };
  const nextEnv = { NODE_ENV: settings.mode === "dev" ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" };
  const at = ["-p", String(ports.storefront), "-H", host];
  const front = ["--import", "tsx", "src/server/main.ts"];
  return [
    {
      name: "edge",
      args: { start: tsx, dev: tsxWatch },
      env: {
        ...urls,
        PORT: String(ports.edge),
        HOST: host,
        SPOOL_DIR: path.join(settings.dataFolder, "spool"),
        EVENT_RETENTION_DAYS: String(settings.retentionDays),
        SNAPSHOT_DIR: path.join(settings.dataFolder, "edge"),
        // One edge and no balancer in front: nobody would use the time.
        DRAIN_MS: "0",
      },
      readyUrl: `${innerUrl(host, ports.edge)}/readyz`,
    },
    { name: "worker", args: { start: tsx, dev: tsxWatch }, env: urls },
    {
      name: "storefront",
      // Connections that are kept open would hold up the end.
      args: { start: [next, "start", ...at, "--keepAliveTimeout", "1000"], dev: [next, "dev", ...at] },
      env: {
        ...nextEnv,
        ...edgeUrls,
        DASHBOARD_URL: dashboardUrl,
        CLIENT_KEY: demo.keys.production?.client ?? "",
      },
      readyUrl: `${innerUrl(host, ports.storefront)}/livez`,
    },
    {
      name: "dashboard",
      args: { start: front, dev: [...front, "--dev"] },
      env: {
        ...urls,
        ...nextEnv,
        ...edgeUrls,
        HOST: host,
        PORT: String(ports.dashboard),
        AUTH_SECRET: secrets.authSecret,
        PUBLIC_URL: settings.publicUrl ?? "",
        TRUSTED_PROXIES: settings.trustedProxies,
      },
      readyUrl: `${innerUrl(host, ports.dashboard)}/livez`,
    },
  ];
}

export interface Apps {
  /** Resolves when each answers. @throws Refusal naming the app that does not */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the four apps. */
export function startApps(
  settings: LaunchSettings,
  databases: Databases,
  secrets: Secrets,
  demo: Demo,
  onTrouble: (sentence: string) => void,
): Apps {
  const logs = path.join(settings.dataFolder, "logs");
  const apps = describeApps(settings, databases, secrets, demo);
  const children: Child[] = apps.map(({ name, args, env }) =>
    startChild({
      name,
      args: args[settings.mode],
      cwd: path.join(root, "apps", name),
      env,
      logFile: path.join(logs, `${name}.log`),
      echo: settings.mode === "dev",
      onTrouble,
    }),
  );
  return {
    ready: async () => void (await Promise.all(apps.map((app) => waitUntilReady(app, logs)))),
    stop: async () => void (await Promise.all(children.map((child) => child.stop()))),
  };
}

async function waitUntilReady({ name, readyUrl }: App, logs: string) {
  if (!readyUrl) return;
  const until = Date.now() + READY_LIMIT_MS;
  while (Date.now() < until) {
    const ready = await fetch(readyUrl, { signal: AbortSignal.timeout(10_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await pause(150);
  }
  throw new Refusal(
    `The ${name} did not become ready in ${READY_LIMIT_MS / 1000} s: look at ${path.join(logs, `${name}.log`)}.`,
  );
}
