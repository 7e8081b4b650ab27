import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rulesetOf } from "@telltale/testing/ruleset";
import type pg from "pg";
import { expect } from "vitest";
import { freePort } from "./edge-process.ts";

/** Two edges behind HAProxy, as processes. */

export const KEY = "tts_balanced";
/**
 * HAProxy over these ports. It sends each request once: what an edge drops is seen to be dropped.
 * @param binary path of HAProxy
 */
export async function startBalancer(binary: string, ports: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), "telltale-haproxy-"));
  const [port, statsPort] = [await freePort(), await freePort()];
  const servers = ports.map((each, index) => `  server edge${index} 127.0.0.1:${each}`);
  const configuration = [
    "defaults",
    "  mode http",
    "  timeout connect 2s",
    "  timeout client 60s",
    "  timeout server 60s",
    // On a busy machine an answer takes its time; only a "no" is a "no".
    "  timeout check 5s",
    "  retries 0",
    "frontend public",
    `  bind 127.0.0.1:${port}`,
    "  default_backend edges",
    "frontend statistics",
    `  bind 127.0.0.1:${statsPort}`,
    "  stats enable",
    "  stats uri /stats",
    "backend edges",
    "  balance roundrobin",
    "  option httpchk GET /readyz",
    "  default-server check inter 200ms fall 2 rise 1",
    ...servers,
    "",
  ];
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, configuration.join("\n"));
  const child = spawn(binary, ["-db", "-f", file], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const gone = once(child, "close");
  /** Resolves when HAProxy sees each edge up. */
  const allUp = () =>
    expect
      .poll(
        async () => {
          const page = await fetch(`http://127.0.0.1:${statsPort}/stats;csv`).then(
            (answer) => answer.text(),
            () => errors,
          );
          return page.split("\n").filter((line) => /^edges,edge\d,.*,UP,/.test(line)).length;
        },
        { timeout: 30_000 },
      )
      .toBe(ports.length);
  return {
    url: `http://127.0.0.1:${port}`,
    allUp,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

export async function seed(client: pg.Client): Promise<void> {
  await client.query(`insert into organisation (id, key, name) values ('org', 'demo', 'Demo')`);
  await client.query(`insert into project (id, "organisationId", key, name) values ('pro', 'org', 'harbour', 'H')`);
  await client.query(
    `insert into environment (id, "projectId", key, name, position) values ('env', 'pro', 'production', 'P', 0)`,
  );
  await client.query(
    `insert into sdk_key (id, "environmentId", name, audience, hash, hint, origins)
     values ('key', 'env', 'k', 'server', $1, 'tts', '{}')`,
    [createHash("sha256").update(KEY).digest("hex")],
  );
}

/** Publishes a version of a ruleset in which everybody is served `on`. */
export async function publish(client: pg.Client, version: number): Promise<void> {
  const hints = { flushIntervalMs: 100, fastLane: false };
  const of = { environment: "harbour/production", audience: "server" as const, hints };
  const document = rulesetOf(version, { lantern: { serve: "on" } }, of);
  await client.query("begin");
  await client.query(`update environment set "rulesetVersion" = $1 where id = 'env'`, [version]);
  await client.query(
    `insert into ruleset ("environmentId", audience, version, digest, document) values ('env', 'server', $1, $2, $3)`,
    [version, document.digest, JSON.stringify(document)],
  );
  await client.query(`select pg_notify('telltale', $1)`, [JSON.stringify({ environmentId: "env", version })]);
  await client.query("commit");
}
