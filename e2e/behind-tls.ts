import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { request as requestTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import { freePort } from "./edge-process.ts";

/** A dashboard, and HAProxy with TLS before it, under another name. */

export const NAME = "flags.example.test";
const dashboardFolder = fileURLToPath(new URL("../apps/dashboard", import.meta.url));

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Address of this machine to ask from. */
  from?: string;
}

/** The dashboard's own server: compiled as it is asked, or as `npm start` builds it, which happens here when nobody did it. */
export async function startDashboard(settings: Record<string, string>, mode: "compiling" | "built" = "compiling") {
  if (mode === "built") {
    const build = ["--import", "tsx", "scripts/test/build-apps.ts"];
    execFileSync(process.execPath, build, {
      cwd: join(dashboardFolder, "../.."),
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  const port = await freePort();
  const env = {
    PATH: process.env.PATH ?? "",
    NODE_ENV: mode === "built" ? "production" : "development",
    NEXT_TELEMETRY_DISABLED: "1",
    AUTH_SECRET: "0123456789abcdefghijklmnopqrstuvwxyz",
    PORT: String(port),
    ...settings,
  };
  const args = ["--import", "tsx", "src/server/main.ts", ...(mode === "built" ? [] : ["--dev"])];
  const child = spawn(process.execPath, args, { cwd: dashboardFolder, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  try {
    await vi.waitFor(() => expect(said).toContain("dashboard is listening"), { timeout: 60_000 });
  } catch (error) {
    await end(child);
    throw error;
  }
  return { port, child, said: () => said, [Symbol.asyncDispose]: () => end(child) };
}

/** HAProxy with a certificate of its own. @param binary path of HAProxy */
export async function startTls(binary: string, port: number, backend: number) {
  const folder = mkdtempSync(join(tmpdir(), "telltale-tls-"));
  const file = (name: string) => join(folder, name);
  const subject = ["-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME}`];
  const keys = ["-newkey", "rsa:2048", "-nodes", "-keyout", file("key.pem"), "-out", file("cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-days", "2", ...keys, ...subject], { stdio: "ignore" });
  const ca = readFileSync(file("cert.pem"), "utf8");
  writeFileSync(file("both.pem"), ca + readFileSync(file("key.pem"), "utf8"));
  const configuration = [
    "defaults",
    "  mode http",
    "  timeout connect 5s",
    "  timeout client 120s",
    "  timeout server 120s",
    "frontend tls",
    `  bind 127.0.0.1:${port} ssl crt ${file("both.pem")}`,
    "  option forwardfor",
    "  http-request set-header X-Forwarded-Proto https",
    "  default_backend dashboard",
    "backend dashboard",
    `  server one 127.0.0.1:${backend}`,
    "",
  ];
  writeFileSync(file("haproxy.cfg"), configuration.join("\n"));
  const child = spawn(binary, ["-db", "-f", file("haproxy.cfg")], { stdio: "ignore" });
  const ask = (path: string, asked: Asked = {}) => send(`https://127.0.0.1:${port}${path}`, ca, asked);
  await vi.waitFor(async () => expect((await ask("/livez")).status).toBe(200), { timeout: 60_000 });
  return {
    ask,
    async [Symbol.asyncDispose]() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks a server on this machine by its public name. */
export async function send(address: string, ca: string | undefined, asked: Asked = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, from } = asked;
  const url = new URL(address);
  const options = { method, headers: { host: `${NAME}:${url.port}`, ...headers }, agent: false as const };
  const local = from === undefined ? {} : { localAddress: from };
  const sending = ca
    ? requestTls(url, { ...options, ...local, ca, servername: NAME })
    : request(url, { ...options, ...local });
  sending.end(body);
  const [answer] = await once(sending, "response");
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
