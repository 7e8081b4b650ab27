import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { RETENTION_DAYS_DEFAULT } from "@telltale/events";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** What a person can choose; see .env.example. */
export interface LaunchSettings {
  /** `start` runs what was built, `dev` reloads. */
  mode: "start" | "dev";
  /** Where everything that is kept lives. */
  dataFolder: string;
  ports: { dashboard: number; edge: number; storefront: number };
  host: string;
  /** Where people open the dashboard, when that is not this machine's name: behind TLS, under another name or a path. */
  publicUrl: string | undefined;
  /** Where SDKs ask the edge, when that is another name than this machine's. */
  edgeUrl: string | undefined;
  /** Proxies whose word on a request's origin counts, as the dashboard takes them. */
  trustedProxies: string;
  /** Who owns a database of one's own: the first person in it. */
  ownerEmail: string | undefined;
  /** Set: that database is used and the embedded one is not started. */
  databaseUrl: string | undefined;
  clickhouseUrl: string | undefined;
  /** Name of the cluster that the event store's tables are spread over. */
  clickhouseCluster: string | undefined;
  /** Events leave the store after this many days. */
  retentionDays: number;
}

/** Reads `.env` and the environment. @throws Refusal for a value that cannot be used */
export function readSettings(mode: LaunchSettings["mode"]): LaunchSettings {
  const file = path.join(root, ".env");
  if (fs.existsSync(file)) process.loadEnvFile(file);
  const env = process.env;
  return {
    mode,
    dataFolder: path.resolve(root, env.TELLTALE_DATA || ".telltale"),
    ports: {
      dashboard: readPort("TELLTALE_DASHBOARD_PORT", 4400),
      edge: readPort("TELLTALE_EDGE_PORT", 4401),
      storefront: readPort("TELLTALE_STOREFRONT_PORT", 4402),
    },
    host: env.TELLTALE_HOST || "127.0.0.1",
    publicUrl: readUrl("PUBLIC_URL", "https://flags.example.com"),
    edgeUrl: readUrl("EDGE_URL", "https://edge.example.com"),
    trustedProxies: env.TRUSTED_PROXIES ?? "",
    ownerEmail: env.OWNER_EMAIL || undefined,
    databaseUrl: env.DATABASE_URL || undefined,
    clickhouseUrl: env.CLICKHOUSE_URL || undefined,
    clickhouseCluster: env.CLICKHOUSE_CLUSTER || undefined,
    retentionDays: readDays("EVENT_RETENTION_DAYS", RETENTION_DAYS_DEFAULT),
  };
}

function readUrl(name: string, example: string): string | undefined {
  const text = process.env[name];
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
  if (isPlain) return text.replace(/\/+$/, "");
  throw new Refusal(`${name} is "${text}", which is no address to open: give one like ${example}.`);
}

function readDays(name: string, fallback: number): number {
  const text = process.env[name];
  if (!text) return fallback;
  const days = Number(text);
  if (Number.isInteger(days) && days > 0 && days <= 36_500) return days;
  throw new Refusal(`${name} is "${text}", which is no number of days: give a whole number from 1 to 36500.`);
}

function readPort(name: string, fallback: number): number {
  const text = process.env[name];
  if (!text) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`${name} is "${text}", which is not a port: give a number from 1 to 65535.`);
}

/** The start cannot go on for a reason that a person can remove; the message says how. */
export class Refusal extends Error {
  override name = "Refusal";
}
