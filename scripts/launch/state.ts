import { randomBytes, randomInt } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { DemoKeys, DemoPeople } from "@telltale/prisma";
import { Refusal } from "./settings.ts";

/** `.telltale/secrets.json`: made once, readable by its owner only. */
export interface Secrets {
  authSecret: string;
}

/** `.telltale/demo.json`: what a person needs to use the demo project. */
export interface Demo extends DemoPeople {
  project: string;
  keys: DemoKeys;
}

/** `.telltale/running.json`: where the running product answers, for other commands. */
export interface Running {
  pid: number;
  dashboardUrl: string;
  edgeUrl: string;
  storefrontUrl: string;
  databaseUrl: string;
  clickhouseUrl: string;
}

const files = { secrets: "secrets.json", demo: "demo.json", running: "running.json" };

export function readSecrets(folder: string): Secrets {
  const known = read<Secrets>(folder, files.secrets);
  if (known) return known;
  const made = { authSecret: randomBytes(32).toString("base64url") };
  write(folder, files.secrets, made);
  return made;
}

export function readDemo(folder: string): Demo | undefined {
  return read<Demo>(folder, files.demo);
}

export function writeDemo(folder: string, demo: Demo): void {
  write(folder, files.demo, demo);
}

export function readRunning(folder: string): Running | undefined {
  return read<Running>(folder, files.running);
}

export function writeRunning(folder: string, running: Running): void {
  write(folder, files.running, running);
}

export function removeRunning(folder: string): void {
  fs.rmSync(path.join(folder, files.running), { force: true });
}

const words =
  "anchor breeze compass dock ebb ferry gull harbour inlet jetty keel lagoon mast north oar pier quay reef sail tide".split(
    " ",
  );

/** A password that can be typed: three words and four digits, about 26 bits, for a product on one's own machine. */
export function easyPassword(): string {
  const word = () => words[randomInt(words.length)] ?? "sail";
  return `${word()}-${word()}-${word()}-${randomInt(1_000, 10_000)}`;
}

function read<T>(folder: string, name: string): T | undefined {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) return undefined;
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as T;
  } catch {
    throw new Refusal(`${file} cannot be read as JSON: repair it, or move it away to have a new one made.`);
  }
}

/** Whole or not at all, even when the power goes. */
function write(folder: string, name: string, content: object) {
  const file = path.join(folder, name);
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  fs.renameSync(temporary, file);
}
