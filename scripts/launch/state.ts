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
export interface Demo extends Partial<DemoPeople> {
  /** Who signs in: the demo's people in the embedded database, the owner where it is one's own. */
  owner?: Person;
  project: string;
  keys: DemoKeys;
}

export interface Person {
  email: string;
  password: string;
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

/** Letters and digits that are not taken for each other. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

/** A password that can be typed: four groups of four, 80 bits. */
export function easyPassword(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return [group(), group(), group(), group()].join("-");
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
