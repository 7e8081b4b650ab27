import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createFlag, createProject, ensureOrganisation } from "@telltale/control";
import { type Database, openDatabase } from "@telltale/db";
import { applyMigrations } from "@telltale/db/migrate";
import { startPostgres } from "@telltale/embedded";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../launch/settings.ts";

const system = { kind: "system", name: "demo seed" } as const;
let folder: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let database: Database;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-audit-"));
  postgres = await startPostgres({ dataDirectory: folder });
  await applyMigrations(postgres.url);
  database = openDatabase(postgres.url);
  for (const key of ["acme", "other"]) {
    await ensureOrganisation(database, { key, name: key });
    const environments = [{ key: "production", name: "Production", critical: true }];
    await createProject(database, system, { organisation: key, key: `${key}-shop`, name: "Shop", environments });
    for (const flag of ["one", "two", "three"]) await create(`${key}/${key}-shop`, flag, `${flag}, "quoted"`);
  }
  await create("acme/acme-shop", "armed", '=HYPERLINK("https://example.com")');
});
afterAll(async () => {
  await database?.$disconnect();
  await postgres?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const create = (project: string, key: string, name: string) =>
  createFlag(database, system, { project, key, name, type: "boolean" });

/** Runs the command; what it wrote and how it ended. `onText` takes its output as it comes. */
function audit(args: string[], env: Record<string, string> = {}, onText?: (text: string) => void) {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/audit/main.ts", "audit", ...args], {
    cwd: root,
    env: { ...process.env, TELLTALE_DATA: folder, DATABASE_URL: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", onText ?? ((text: string) => (out += text)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, out, err })),
  );
}

const exported = async (...args: string[]) => {
  const { code, out } = await audit(["export", "--organisation", "acme", ...args]);
  expect(code).toBe(0);
  return out;
};

it("says of each organisation that its trail is whole, of the running database and of its address", async () => {
  const { code, out } = await audit(["verify"]);
  const heads = await database.organisationHead.findMany();
  expect(code).toBe(0);
  for (const { hash } of heads) expect(out).toContain(hash);
  expect(heads).toHaveLength(2);
  expect(await audit(["verify"], { DATABASE_URL: postgres.url, TELLTALE_DATA: "/nowhere" })).toMatchObject({
    code,
    out,
  });
});

it("exports each line as JSON with all that is known of it", async () => {
  const lines = (await exported()).trim().split("\n");
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const numbered = records.filter(({ number }) => number !== null);
  const { id } = await database.organisation.findUniqueOrThrow({ where: { key: "acme" } });
  expect(records).toHaveLength(
    await database.auditEvent.count({ where: { OR: [{ organisationId: id }, { project: { organisationId: id } }] } }),
  );
  expect(numbered.map(({ number }) => number)).toEqual(numbered.map((_, index) => index + 1));
  expect(numbered.at(-1)).toMatchObject({
    command: "flag.create",
    object: "flag",
    key: "armed",
    project: "acme-shop",
    requestId: null,
    token: null,
    actor: { kind: "system", id: null, name: "demo seed", nameNow: null },
  });
  const later = (await exported("--since", "2")).trim().split("\n");
  expect(later).toEqual(lines.slice(-later.length));
  expect(JSON.parse(later[0] ?? "")).toMatchObject({ number: 3 });
});

it("exports CSV in which nothing is run as a formula", async () => {
  const victim = { objectKey: "armed", sentence: '=HYPERLINK("https://example.com")' };
  const { id } = await database.organisation.findUniqueOrThrow({ where: { key: "acme" } });
  // As somebody could call themselves, or what they create.
  await database.auditEvent.create({
    data: {
      ...victim,
      organisationId: id,
      object: "flag",
      action: "-1",
      actor: { kind: "user", name: "@Ana" },
      detail: {},
    },
  });
  const csv = await exported("--format", "csv");
  expect(csv.split("\r\n")[0]).toMatch(/^number,at,project,/);
  expect(csv).toContain(`,flag,armed,'-1,"'=HYPERLINK(""https://example.com"")",,user,,'@Ana,`);
});

it("exports more than it could hold in memory", async () => {
  const before = await database.organisationHead.findMany();
  const { id } = await database.organisation.findUniqueOrThrow({ where: { key: "other" } });
  const head = before.find(({ organisationId }) => organisationId === id);
  const [count, from] = [100_000, Number(head?.sequence)];
  // 200 MB of text: a Node process of this size cannot hold it.
  await database.$executeRaw`
    insert into audit_event ("organisationId", sequence, command, object, "objectKey", action, sentence, actor, detail, hash)
    select ${id}, ${from}::int + n, 'flag.update', 'flag', 'f', 'update', 'Changed.', '{"kind":"user","id":"u","name":"Ana"}',
           jsonb_build_object('before', repeat('x', 2000), 'after', n), md5(n::text)
      from generate_series(1, ${count}::int) n`;
  let [bytes, lines, tail] = [0, 0, ""];
  const { code, err } = await audit(
    ["export", "--organisation", "other", "--since", String(from)],
    { NODE_OPTIONS: "--max-old-space-size=96" },
    (text) => {
      bytes += text.length;
      const parts = (tail + text).split("\n");
      tail = parts.pop() ?? "";
      lines += parts.length;
      if (parts.length > 0) JSON.parse(parts.at(-1) ?? "");
    },
  );
  expect([code, err]).toEqual([0, "100,000 lines.\n"]);
  expect([lines, tail]).toEqual([count, ""]);
  expect(bytes).toBeGreaterThan(200_000_000);
});

it("names the organisation and the line where a trail breaks, of a data folder that nobody runs", async () => {
  await database.$executeRaw`alter table audit_event disable trigger all`;
  await database.$executeRaw`delete from audit_event where object = 'flag' and "objectKey" = 'two' and "organisationId" = (select id from organisation where key = 'acme')`;
  const line = await database.auditEvent.findFirst({
    where: { organisation: { key: "acme" }, objectKey: "three" },
    orderBy: { sequence: "asc" },
  });
  await database.$disconnect();
  await postgres.stop();
  const { code, out } = await audit(["verify"]);
  expect(code).toBe(1);
  expect(out).toContain(`acme: BROKEN at line ${Number(line?.sequence) - 1}, `);
  // The lines that were put past the door.
  expect(out).toContain("other: BROKEN at line ");
  expect(await audit(["verify", "--organisation", "acme"])).toMatchObject({ code: 1 });
  // Nothing of it goes on running.
  expect(fs.existsSync(path.join(folder, "postgres/postmaster.pid"))).toBe(false);
});

it.each([
  ["no verb", []],
  ["an export of nobody", ["export"]],
  ["an unknown format", ["export", "--organisation", "acme", "--format", "xml"]],
  ["an unknown option", ["verify", "--fix"]],
])("refuses %s before anything is started", async (_name, args) => {
  expect(await audit(args, { TELLTALE_DATA: "/nowhere" })).toMatchObject({ code: 1, out: "" });
});

it("says of a folder without data which setting names the right one", async () => {
  const { code, err } = await audit(["verify"], { TELLTALE_DATA: path.join(folder, "none") });
  expect(code).toBe(1);
  expect(err).toContain("TELLTALE_DATA");
});
