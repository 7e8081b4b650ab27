import { once } from "node:events";
import { parseArgs } from "node:util";
import type { Database } from "@telltale/db";
import { EmbeddedError } from "@telltale/embedded";
import { Refusal, readSettings } from "../launch/settings.ts";
import { exportTrail, formats } from "./export.ts";
import { openStored } from "./stored.ts";
import { verify } from "./verify.ts";

const USAGE = `telltale audit verify [--organisation <key>]
telltale audit export --organisation <key> [--format jsonl|csv] [--since <number>] > file

Both read the running product's database, or a stopped one's data folder (TELLTALE_DATA, DATABASE_URL).`;

/** `telltale audit`: recomputes the chain of the audit trail, or writes the trail out. @returns the exit code */
async function main(args: string[]): Promise<number> {
  const order = readOrder(args);
  const stored = await openStored(readSettings("start"));
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= stored.close());
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void close().finally(() => process.exit(1)));
  }
  try {
    return (await perform(stored.database, order)) ? 0 : 1;
  } finally {
    await close();
  }
}

type Order = ReturnType<typeof readOrder>;

function readOrder(args: string[]) {
  const options = { organisation: { type: "string" }, format: { type: "string" }, since: { type: "string" } } as const;
  const { values, positionals } = parse(() => parseArgs({ args, options, allowPositionals: true }));
  const [verb, ...more] = positionals;
  const format = formats.find((known) => known === (values.format ?? "jsonl"));
  const { organisation, since } = values;
  const isVerify = verb === "verify" && values.format === undefined && since === undefined;
  const isExport = verb === "export" && organisation !== undefined;
  if ((!isVerify && !isExport) || more.length > 0) throw new Refusal(USAGE);
  if (!format) throw new Refusal(`--format is "${values.format}": give jsonl or csv.`);
  if (since !== undefined && !/^\d{1,18}$/.test(since))
    throw new Refusal(`--since is "${since}": give a line's number.`);
  return { verb, organisation, format, since: since === undefined ? undefined : BigInt(since) };
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

async function perform(database: Database, { verb, organisation: key, format, since }: Order): Promise<boolean> {
  const found = await database.organisation.findMany({ where: { ...(key && { key }) }, orderBy: { key: "asc" } });
  const [first] = found;
  if (!first) throw new Refusal(key ? `There is no organisation "${key}" here.` : "There is no organisation here.");
  if (verb === "verify") return verify(database, found, (line) => process.stdout.write(`${line}\n`));
  const lines = await exportTrail(database, { organisationId: first.id, format, since }, write);
  process.stderr.write(`${lines.toLocaleString("en")} lines.\n`);
  return true;
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

// Whoever reads may have enough: `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.kill(process.pid, "SIGTERM");
  else throw error;
});

main(process.argv.slice(3)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${explain(error)}\n\n`);
    process.exit(1);
  },
);

/** Codes of Prisma for a table or a column that is not there. */
const SCHEMA_BEFORE = ["P2021", "P2022"];

function explain(error: unknown): string {
  if (error instanceof Refusal || error instanceof EmbeddedError) return error.message;
  if (error instanceof Error && "code" in error && SCHEMA_BEFORE.includes(String(error.code))) {
    return "These data are of an earlier release: start Telltale once, which brings them up to date.";
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
