import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type pg from "pg";

/** For tests: edges as processes, and what the control plane does, by SQL. */

const folder = fileURLToPath(new URL("..", import.meta.url));

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** An edge of its own process; `ended` has its exit code and what it said on standard error. */
export interface EdgeProcess extends AsyncDisposable {
  child: ChildProcess;
  ended: Promise<{ code: number | null; errors: string }>;
  /** Its log. */
  output(): string;
  url: string;
  call(path: string, key?: string, init?: RequestInit): Promise<Response>;
}

/** Resolves when it listens, or has ended. */
export async function startEdge(settings: Record<string, string>): Promise<EdgeProcess> {
  const PORT = settings.PORT ?? String(await freePort());
  const env = { PATH: "", DRAIN_MS: "0", PORT, ...settings };
  const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], { cwd: folder, env });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, errors }));
  let output = "";
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.includes("edge is listening")) resolve();
    });
    void ended.then(() => resolve());
  });
  const url = `http://127.0.0.1:${PORT}`;
  const call = (path: string, key?: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { ...(key && { authorization: `Bearer ${key}` }), ...init.headers } });
  const dispose = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { child, ended, output: () => output, url, call, [Symbol.asyncDispose]: dispose };
}

/** A stream as it is read: what came so far, and whether it is at its end. */
export async function followStream(edge: EdgeProcess, key: string) {
  const answer = await edge.call("/v1/stream", key);
  const seen = { status: answer.status, text: "", isOver: false };
  void (async () => {
    try {
      for await (const chunk of answer.body ?? []) seen.text += Buffer.from(chunk).toString();
    } catch {
      // A connection that was cut is over as well.
    }
    seen.isOver = true;
  })();
  return seen;
}

/** A project `harbour` with the environment `production` (id `env`). */
export async function seed(client: pg.Client): Promise<void> {
  await client.query(`insert into organisation (id, key, name) values ('org', 'demo', 'Demo')`);
  await client.query(`insert into project (id, "organisationId", key, name) values ('pro', 'org', 'harbour', 'H')`);
  await client.query(
    `insert into environment (id, "projectId", key, name, position) values ('env', 'pro', 'production', 'P', 0)`,
  );
}

export async function addKey(client: pg.Client, key: string, audience: "server" | "client" = "server"): Promise<void> {
  await client.query(
    `insert into sdk_key (id, "environmentId", name, audience, hash, hint, origins)
     values ($1, 'env', 'k', $2::audience, $1, 'tts', '{}')`,
    [createHash("sha256").update(key).digest("hex"), audience],
  );
  await tell(client, { keys: true });
}

export async function revokeKey(client: pg.Client, key: string): Promise<void> {
  const hash = createHash("sha256").update(key).digest("hex");
  await client.query("begin");
  await client.query(`update sdk_key set "revokedAt" = now() where hash = $1`, [hash]);
  await tell(client, { keys: true });
  await client.query("commit");
}

/** Publishes a version for server keys that is no ruleset to decide by. @returns the document */
export async function publish(client: pg.Client, version: number, more: object = {}): Promise<string> {
  const document = JSON.stringify({ schema: 2, version, text: "Grüße", ...more });
  await publishText(client, version, "d".repeat(64), document);
  return document;
}

/** Publishes a text as the next version for server keys. */
export async function publishText(client: pg.Client, version: number, digest: string, document: string): Promise<void> {
  await client.query("begin");
  await client.query(`update environment set "rulesetVersion" = $1 where id = 'env'`, [version]);
  await client.query(
    `insert into ruleset ("environmentId", audience, version, digest, document)
     values ('env', 'server', $1, $2, $3)`,
    [version, digest, document],
  );
  await tell(client, { environmentId: "env", version });
  await client.query("commit");
}

function tell(client: pg.Client, what: object) {
  return client.query(`select pg_notify('telltale', $1)`, [JSON.stringify(what)]);
}
