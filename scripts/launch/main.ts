import fs from "node:fs";
import path from "node:path";
import { MigrationError } from "@telltale/db/migrate";
import { EmbeddedError } from "@telltale/embedded";
import { type Apps, startApps } from "./apps.ts";
import { buildApps } from "./build.ts";
import { checkMachine } from "./checks.ts";
import { type Databases, startDatabases } from "./databases.ts";
import { prepareDemo, replayDemo } from "./demo.ts";
import { localUrl, Refusal, readSettings, type Settings } from "./settings.ts";
import { type Demo, readSecrets, removeRunning, writeRunning } from "./state.ts";

const mode = process.argv[2] === "dev" ? "dev" : "start";
const startedAt = Date.now();
const say = (line: string) => process.stdout.write(`${line}\n`);

/** What has been started so far, to be stopped in the opposite order. */
const started: { databases?: Databases; apps?: Apps; folder?: string } = {};
let stopping: Promise<void> | undefined;

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
    mode === "start" ? buildApps(say) : undefined,
  ]);
  const demo = await prepareDemo(settings, databases.databaseUrl, secrets, say);
  if (stopping) return;
  started.apps = startApps(settings, databases, secrets, demo, warn);
  await started.apps.ready();
  await replayDemo(settings, databases.databaseUrl, demo, say);
  const urls = {
    dashboardUrl: localUrl(settings.ports.dashboard),
    edgeUrl: localUrl(settings.ports.edge),
    storefrontUrl: localUrl(settings.ports.storefront),
  };
  const { databaseUrl, clickhouseUrl } = databases;
  writeRunning(settings.dataFolder, { pid: process.pid, ...urls, databaseUrl, clickhouseUrl });
  if (!stopping) say(welcome(settings, demo));
}

function prepareLogs(settings: Settings) {
  const logs = path.join(settings.dataFolder, "logs");
  fs.mkdirSync(logs, { recursive: true });
  for (const name of fs.readdirSync(logs)) {
    const file = path.join(logs, name);
    if (fs.statSync(file).size > 20 * 1024 ** 2) fs.renameSync(file, `${file}.old`);
  }
}

function warn(sentence: string) {
  if (!stopping) process.stderr.write(`! ${sentence}\n`);
}

function welcome(settings: Settings, demo: Demo): string {
  const { dashboard, edge, storefront } = settings.ports;
  const keys = demo.keys.production;
  return `
Telltale is running (${((Date.now() - startedAt) / 1000).toFixed(1)} s).

  Dashboard    ${localUrl(dashboard)}
  Storefront   ${localUrl(storefront)}
  Edge         ${localUrl(edge)}

  Sign in      ${demo.owner.email}   ${demo.owner.password}   (owner)
               ${demo.viewer.email}  ${demo.viewer.password}   (viewer)

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
