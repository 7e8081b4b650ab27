import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { environmentOf, root, run, started } from "./product.ts";

const folder = path.join(root, "test-results-data", "external");
const ports = { dashboard: 4620, edge: 4621, storefront: 4622 };
const binaries = process.env.DEBIAN_POSTGRES ?? "";

/** PostgreSQL refuses to be root: in a user namespace it need not know, and where there is none it runs as nobody. */
function asUser(data: string): string[] {
  if (process.getuid?.() !== 0) return [];
  const namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];
  try {
    execFileSync(namespace[0] ?? "", [...namespace.slice(1), "true"], { stdio: "ignore" });
    return namespace;
  } catch {
    fs.chownSync(data, 65_534, 65_534);
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  }
}

/** A PostgreSQL that is not ours, from the distribution's package, on a port of its own. */
async function startServer(data: string, port: number): Promise<ChildProcess> {
  const passwordFile = path.join(data, "password");
  fs.writeFileSync(passwordFile, "secret");
  const user = asUser(data);
  const cluster = path.join(data, "cluster");
  const initdb = [
    ...user,
    path.join(binaries, "initdb"),
    "-D",
    cluster,
    "-U",
    "app",
    "-A",
    "scram-sha-256",
    `--pwfile=${passwordFile}`,
  ];
  execFileSync(initdb[0] ?? "", initdb.slice(1), { stdio: "pipe" });
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories="];
  const postgres = [
    ...user,
    path.join(binaries, "postgres"),
    "-D",
    cluster,
    ...settings.flatMap((setting) => ["-c", setting]),
  ];
  const server = spawn(postgres[0] ?? "", postgres.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await expect.poll(() => log, { timeout: 30_000 }).toContain("ready to accept connections");
  return server;
}

test("with DATABASE_URL the product runs on that server and starts no PostgreSQL of its own", async ({ page }) => {
  test.setTimeout(300_000);
  expect(binaries, "no PostgreSQL server on this machine: install Debian's package `postgresql`").not.toBe("");
  fs.rmSync(folder, { recursive: true, force: true });
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-external-"));
  const server = await startServer(data, 4623);
  const env = {
    ...environmentOf(folder, ports),
    DATABASE_URL: "postgresql://app:secret@127.0.0.1:4623/postgres",
    OWNER_EMAIL: "me@example.org",
  };
  const product = run("start", [], env);
  try {
    const { demo, running } = await started(folder);
    expect(running.databaseUrl).toBe(env.DATABASE_URL);
    // Its one person is the owner that was named; the demo's people are not put into a database of one's own.
    expect([demo.owner.email, demo.viewer]).toEqual(["me@example.org", undefined]);
    expect(fs.readdirSync(folder).filter((name) => name.startsWith("postgres"))).toEqual([]);
    await page.goto(`${running.dashboardUrl}/sign-in`);
    await page.getByLabel("Email").fill(demo.owner.email);
    await page.getByLabel("Password").fill(demo.owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("switch", { name: "summer-banner in production" })).toBeChecked();
  } finally {
    product.child.kill("SIGTERM");
    await product.done;
    server.kill("SIGINT");
    await new Promise((resolve) => server.once("exit", resolve));
    fs.rmSync(data, { recursive: true, force: true });
  }
});
