import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { applyMigrations } from "@telltale/db/migrate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listenAsPostgres, makeCertificate } from "./fixtures.ts";
import { explainPostgres } from "./postgres-errors.ts";

let folder: string;
const servers: { close(): void }[] = [];
const file = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-pg-tls-"));
  makeCertificate(folder);
  fs.writeFileSync(file("nonsense.pem"), "nonsense");
});
afterAll(() => {
  for (const server of servers) server.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function listen(speaksTls: boolean): Promise<number> {
  const server = await listenAsPostgres(folder, speaksTls);
  servers.push(server);
  return server.port;
}

async function sentence(port: number, query: string): Promise<string> {
  const url = `postgresql://app:secret@127.0.0.1:${port}/telltale?${query}`;
  const error = await applyMigrations(url).catch((thrown: unknown) => thrown);
  return explainPostgres(error)?.message ?? `unexplained: ${String(error)}`;
}

it.each([
  [true, "sslmode=require", "its certificate is signed by nobody this machine knows"],
  [true, "sslmode=verify-full", "sslmode=verify-full&sslrootcert=/path/ca.pem"],
  [true, "sslmode=verify-full&sslrootcert=CA", "its certificate is for another host"],
  [true, "sslmode=verify-full&sslrootcert=MISSING", "names a certificate or key file that is not there"],
  [false, "sslmode=require", "it speaks no TLS"],
  [true, "sslmode=no-verify", "check host, port, user and password"],
])("a server that speaks TLS (%s), asked with %s: %s", async (speaksTls, query, words) => {
  const asked = query.replace("CA", encodeURIComponent(file("cert.pem"))).replace("MISSING", "%2Fno%2Fca.pem");
  const told = await sentence(await listen(speaksTls), asked);
  expect(told).toContain(words);
  expect(told).not.toMatch(/\n|secret|\bat .*:\d+:\d+/);
});

it("explains an address where nobody listens, and nothing that is a fault of ours", async () => {
  expect(await sentence(9, "")).toContain("check host, port, user and password");
  expect(explainPostgres(new TypeError("x is not a function"))).toBeUndefined();
});
