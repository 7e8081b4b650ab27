import fs from "node:fs";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type LaunchSettings, Refusal } from "./settings.ts";

const NEEDED_BYTES = 300 * 1024 ** 2;
/** A killed start leaves children that notice within a moment; only then is a taken port somebody else's. */
const PORT_PATIENCE_MS = 6_000;

/** Everything that would make the start fail later, looked at first. @throws Refusal */
export async function checkMachine(settings: LaunchSettings): Promise<void> {
  makeFolder(settings.dataFolder);
  const { bavail, bsize } = fs.statfsSync(settings.dataFolder);
  checkSpace(settings.dataFolder, bavail * bsize);
  const entries = Object.entries(settings.ports);
  await Promise.all(entries.map(([name, port]) => checkPort(name, port, settings.host)));
}

function makeFolder(folder: string) {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    if (isCode(error, "ENOSPC")) throw full(folder);
    throw new Refusal(
      `The data folder ${folder} cannot be written: make it writable for you, or choose another one with TELLTALE_DATA.`,
    );
  }
}

/** @throws Refusal when less is free than a start needs */
export function checkSpace(folder: string, freeBytes: number): void {
  if (freeBytes < NEEDED_BYTES) throw full(folder);
}

function full(folder: string): Refusal {
  return new Refusal(`The disk that holds ${folder} is full (less than 300 MB free): free some space and start again.`);
}

async function checkPort(name: string, port: number, host: string) {
  const until = Date.now() + PORT_PATIENCE_MS;
  for (;;) {
    const failure = await tryListen(port, host);
    if (!failure) return;
    if (!isCode(failure, "EADDRINUSE")) {
      throw new Refusal(
        `Port ${port} for the ${name} cannot be opened on ${host} (${failure.message}): choose another one with TELLTALE_${name.toUpperCase()}_PORT.`,
      );
    }
    if (Date.now() > until) {
      throw new Refusal(
        `Port ${port} for the ${name} is taken by another program (or Telltale is running already): stop that program, or choose another port, for example TELLTALE_${name.toUpperCase()}_PORT=${port + 100} npm start.`,
      );
    }
    await pause(250);
  }
}

function tryListen(port: number, host: string): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
