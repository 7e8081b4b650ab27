import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@telltale/embedded";
import pg from "pg";
import { expect, it } from "vitest";
import { applyMigrations } from "./index.ts";

const prisma = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../../prisma");

it("makes grants of the roles that members have in a database of the release before", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-grants-"));
  const postgres = await startPostgres({ dataDirectory: path.join(folder, "postgres") });
  const client = new pg.Client(postgres.url);
  try {
    const migrations = path.join(folder, "migrations");
    fs.cpSync(path.join(prisma, "migrations"), migrations, {
      recursive: true,
      filter: (file) => !/^\d{14}_/.test(path.basename(file)) || path.basename(file) < "20261128051948",
    });
    await applyMigrations(postgres.url, { schema: path.join(prisma, "schema"), migrations });
    await client.connect();
    await client.query(`
      INSERT INTO "organisation" ("id", "key", "name") VALUES ('o1', 'one', 'One'), ('o2', 'two', 'Two');
      INSERT INTO "user" ("id", "name", "email") VALUES ('ana', 'Ana', 'ana@x'), ('li', 'Li', 'li@x');
      INSERT INTO "member" ("id", "organisationId", "userId", "role")
        VALUES ('m1', 'o1', 'ana', 'owner'), ('m2', 'o1', 'li', 'viewer'), ('m3', 'o2', 'li', 'owner');`);
    await applyMigrations(postgres.url);
    const { rows } = await client.query(
      'SELECT "organisationId", "userId", "role", "projectId" FROM "grant" ORDER BY "organisationId", "userId"',
    );
    expect(rows).toEqual([
      { organisationId: "o1", userId: "ana", role: "owner", projectId: null },
      { organisationId: "o1", userId: "li", role: "viewer", projectId: null },
      { organisationId: "o2", userId: "li", role: "owner", projectId: null },
    ]);
    // The release before still adds members by their role.
    await client.query(
      `INSERT INTO "member" ("id", "organisationId", "userId", "role") VALUES ('m4', 'o2', 'ana', 'viewer')`,
    );
  } finally {
    await client.end();
    await postgres.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
