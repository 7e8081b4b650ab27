import type { TestProject } from "vitest/node";
import { startTestDatabases } from "./databases.ts";

/** Starts the engines that `borrowDatabases` lends, once for all files of a run, and ends them after the last. */
export async function setup({ provide }: TestProject): Promise<() => PromiseLike<void>> {
  const { postgresUrl, clickhouseUrl, ...databases } = await startTestDatabases();
  provide("postgresUrl", postgresUrl);
  provide("clickhouseUrl", clickhouseUrl);
  return () => databases[Symbol.asyncDispose]();
}
