import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pendingMigration } from "@telltale/db/migrate";
import { startPostgres } from "@telltale/embedded";
import { root } from "./launch/settings.ts";

/** `npm run migration -- <intent>`: writes the next migration from the difference between schema and migrations. */
async function main() {
  const intent = process.argv[3] ?? "";
  if (!/^[a-z][a-z0-9_]{2,60}$/.test(intent)) {
    throw new Error("Name the migration by its intent in snake_case: npm run migration -- add_flag_owner");
  }
  const dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-migration-"));
  const postgres = await startPostgres({ dataDirectory });
  try {
    const { sql } = await pendingMigration(postgres.url);
    if (!sql) return process.stdout.write("The migrations say what the schema says: nothing to write.\n");
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    const folder = path.join(root, "prisma/migrations", `${stamp}_${intent}`);
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "migration.sql"), `${sql}\n`);
    process.stdout.write(
      `Wrote ${path.relative(root, folder)}/migration.sql. Read it before you commit it: expand first, contract later.\n`,
    );
  } finally {
    await postgres.stop();
    fs.rmSync(dataDirectory, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
