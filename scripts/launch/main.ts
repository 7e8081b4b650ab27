import fs from "node:fs";
import path from "node:path";
import { MigrationError } from "@telltale/db/migrate";
import { EmbeddedError } from "@telltale/embedded";
import { innerUrl } from "./addresses.ts";
import { type Apps, publicUrls, startApps } from "./apps.ts";
import { buildApps } from "./build.ts";
import { checkMachine } from "./checks.ts";
import { type Databases, startDatabases } from "./databases.ts";
import { prepareDemo, replayDemo } from "./demo.ts";
import { type LaunchSettings, Refusal, readSettings } from "./settings.ts";
import { type Demo, readSecrets, removeRunning, writeRunning } from "./state.ts";

const mode = process.argv[2] === "dev" ? "dev" : "start";
const startedAt = Date.now();
const say = (line: string) => process.stdout.write(`${line}\n`);

/** What has been started so far, to be stopped in the opposite order. */
const started: { databases?: Databases; apps?: Apps; folder?: string } = {};
let stopping: Promise<void> | undefined;
const building = new AbortController();

/** From nothing to a running product. */
async function start() {
  const settings = readSettings(mode);
  await checkMachine(settings);
  prepareLogs(settings);
  started.folder = settings.dataFolder;
  const secrets = readSecrets(settings.dataFolder);
  const [databases] = await Promise.all([
    startDatabases(settings, say, warn).then((value) => {
      started.databases = value;
      return value;
    }),
    mode === "start" ? buildApps(settings.publicUrl, say, building.signal) : undefined,
  ]);
  const demo = await prepareDemo(settings, databases.databaseUrl, secrets, say);
  if (stopping) return;
  started.apps = startApps(settings, databases, secrets, demo, warn);
  await started.apps.ready();
  await replayDemo(settings, databases.databaseUrl, demo, say);
  const { dashboardUrl, storefrontUrl } = publicUrls(settings);
  // Commands on this machine ask the edge as this machine reaches it.
  const urls = { dashboardUrl, storefrontUrl, edgeUrl: innerUrl(settings.host, settings.ports.edge) };
  const { databaseUrl, clickhouseUrl } = databases;
  if (stopping) return;
  writeRunning(settings.dataFolder, { pid: process.pid, ...urls, databaseUrl, clickhouseUrl });
  say(welcome(settings, demo));
}

function prepareLogs(settings: LaunchSettings) {
  fs.mkdirSync(path.join(settings.dataFolder, "logs"), { recursive: true });
}

function warn(sentence: string) {
  if (!stopping) process.stderr.write(`! ${sentence}\n`);
}

function welcome(settings: LaunchSettings, demo: Demo): string {
  const { dashboardUrl, edgeUrl, storefrontUrl } = publicUrls(settings);
  const keys = demo.keys.production;
  const people = (["owner", "viewer"] as const).flatMap((role) => {
    const person = demo[role];
    return person ? [`${person.email.padEnd(18)}  ${person.password}   (${role})`] : [];
  });
  if (people.length === 0) people.push("as before: this database had people already");
  return `
Telltale is running (${((Date.now() - startedAt) / 1000).toFixed(1)} s).

  Dashboard    ${dashboardUrl}
  Storefront   ${storefrontUrl}
  Edge         ${edgeUrl}

  Sign in      ${people.join("\n               ")}

  SDK keys     ${keys?.client}   (client, production)
               ${keys?.server}   (server, production)

  Next         npm run visitors -- --people 20000
  Data, logs   ${settings.dataFolder}
  Stop         Ctrl-C
`;
}

const STOP_LIMIT_MS = 30_000;

/** Stops apps before databases. What does not stop in time is left to its own end: every child dies with this process. */
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    setTimeout(() => {
      process.stderr.write("Not everything stopped in 30 s; leaving it to itself.\n");
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    building.abort();
    try {
      if (started.folder) removeRunning(started.folder);
      await started.apps?.stop();
      await started.databases?.stop();
    } catch (error) {
      process.stderr.write(`${explain(error)}\n`);
      process.exit(1);
    }
    process.exit(code);
  })();
  return stopping;
}

/** One wish to stop may arrive twice: from the group, and passed on by npm. Only a later one is impatience. */
const SAME_WISH_MS = 2_000;
let askedAt = 0;

function onSignal() {
  if (stopping) {
    if (Date.now() - askedAt > SAME_WISH_MS) process.exit(1);
    return;
  }
  askedAt = Date.now();
  say("\nStopping …");
  void stop(0);
}
process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
// The command that started this one is gone, however it went: nobody could stop this any more.
process.once("disconnect", () => {
  if (!stopping) onSignal();
});

start().catch(async (error: unknown) => {
  if (stopping) return;
  process.stderr.write(`\n${explain(error)}\n\n`);
  await stop(1);
});

function explain(error: unknown): string {
  if (error instanceof Refusal || error instanceof EmbeddedError || error instanceof MigrationError)
    return error.message;
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") {
    return "The disk is full: free some space and start again.";
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
