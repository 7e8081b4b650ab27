import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { TLSSocket } from "node:tls";
import { applyMigrations } from "@telltale/db/migrate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { explainPostgres } from "./postgres-errors.ts";

let folder: string;
const servers: Server[] = [];
const file = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-pg-tls-"));
  const subject = ["-subj", "/CN=db.example", "-addext", "subjectAltName=DNS:db.example"];
  const keys = ["-newkey", "rsa:2048", "-nodes", "-keyout", file("key.pem"), "-out", file("cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-days", "2", ...keys, ...subject], { stdio: "ignore" });
  fs.writeFileSync(file("nonsense.pem"), "nonsense");
});
afterAll(() => {
  for (const server of servers) server.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What PostgreSQL does before it asks for a password, and then no more. */
async function listen(speaksTls: boolean): Promise<number> {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(speaksTls ? "S" : "N");
      if (!speaksTls) return;
      const options = {
        isServer: true,
        key: fs.readFileSync(file("key.pem")),
        cert: fs.readFileSync(file("cert.pem")),
      };
      new TLSSocket(socket, options).on("error", () => undefined).on("data", () => socket.destroy());
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
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
