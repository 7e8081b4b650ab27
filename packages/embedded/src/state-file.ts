import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";

/** What must outlive a run: the password of the data, and the port that clients may remember. */
export interface EngineState {
  password: string;
  port?: number;
  /** Of the role that the applications connect as. */
  appPassword?: string;
}

/** Reads a state file; undefined when there is none or it is not one. */
export async function readState(file: string): Promise<EngineState | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseState(text);
}

export function parseState(text: string): EngineState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("password" in value)) return undefined;
  if (typeof value.password !== "string" || value.password === "") return undefined;
  return {
    password: value.password,
    ...("port" in value && typeof value.port === "number" && { port: value.port }),
    ...("appPassword" in value && typeof value.appPassword === "string" && { appPassword: value.appPassword }),
  };
}

/** Writes by rename, so that a kill leaves the old file or the new one; only the owner may read it. */
export async function writeState(file: string, state: EngineState): Promise<void> {
  const next = `${file}.${process.pid}.new`;
  try {
    await writeFile(next, `${JSON.stringify(state)}\n`, { mode: 0o600, flush: true });
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** 128 random bits in letters that need no escaping in a URL or a shell. */
export function randomPassword(): string {
  return randomBytes(16).toString("hex");
}
