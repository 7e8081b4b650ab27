import { createHash } from "node:crypto";
import { COLUMNS, type EncodedEvents, EVENT_TABLES } from "@telltale/events";
import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import { createEdge } from "./app.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

import type { Spool } from "./spool/spool.ts";

/** For tests: an edge over a reader and a store that live in memory. */
export const SERVER_KEY = "tts_server";
export const CLIENT_KEY = "ttc_client";
export const NOW = Date.parse("2026-11-23T12:00:00.000Z");

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export function ruleset(version: number, extra: object = {}): CurrentRuleset {
  const document = JSON.stringify({ schema: 1, environment: "harbour/production", version, flags: {}, ...extra });
  return { version, digest: `d${version}`, document, etag: `"d${version}-${version}"` };
}

/** What a store reads in encoded events: a record of texts for each line. */
function linesOf({ lines }: EncodedEvents): Record<string, string>[] {
  return EVENT_TABLES.flatMap((table) =>
    Buffer.from(lines[table])
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => Object.fromEntries(line.split("\t").map((text, i) => [COLUMNS[table][i] ?? "", text]))),
  );
}

export function createWorld(changes: Partial<Limits> = {}, spool?: Spool, loopLagMs = () => 0) {
  const key = (audience: KeyInfo["audience"], origins: string[] = []): KeyInfo => ({
    id: audience,
    environmentId: "env-1",
    environmentKey: "production",
    projectId: "project-1",
    projectKey: "harbour",
    audience,
    origins,
  });
  const keys = new Map([
    [sha256(SERVER_KEY), key("server")],
    [sha256(CLIENT_KEY), key("client", ["https://shop.example"])],
  ]);
  const rulesets = new Map<string, CurrentRuleset>([["env-1/server", ruleset(7)]]);
  const stored: Record<string, string>[] = [];
  const inserts: number[] = [];
  const logged: string[] = [];
  const state = { healthy: true, storeUp: true, hang: false, pings: 0, attempted: [] as string[], release: () => {} };
  const edge = createEdge({
    rulesets: {
      keyByHash: (hash) => keys.get(hash),
      current: (environmentId, audience) => rulesets.get(`${environmentId}/${audience}`),
      healthy: () => state.healthy,
    },
    store: {
      async insert(groups) {
        state.attempted.push(...groups.flatMap(linesOf).map(({ id }) => id ?? ""));
        if (state.hang) {
          await new Promise<void>((resolve) => {
            state.release = resolve;
          });
        }
        if (!state.storeUp) throw new Error("the store is away");
        stored.push(...groups.flatMap(linesOf));
        inserts.push(groups.reduce((sum, group) => sum + group.events, 0));
      },
      async ping() {
        state.pings++;
        return state.storeUp;
      },
    },
    spool,
    limits: { ...DEFAULT_LIMITS, ...changes },
    version: "test",
    log: { info: (_, message) => logged.push(message), error: (_, message) => logged.push(message) },
    now: () => NOW,
    loopLagMs,
  });
  const call = (path: string, init: RequestInit & { key?: string } = {}) => {
    const headers = new Headers(init.headers);
    if (init.key !== undefined) headers.set("authorization", `Bearer ${init.key}`);
    return Promise.resolve(edge.fetch(new Request(`http://edge.test${path}`, { ...init, headers })));
  };
  const post = (body: object | string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    call("/v1/events", {
      method: "POST",
      key: SERVER_KEY,
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const revoke = (secret: string) => keys.delete(sha256(secret));
  return { edge, call, post, keys, rulesets, stored, inserts, logged, state, revoke };
}

let count = 0;
/** A valid exposure with an id of its own. */
export function exposure(changes: object = {}) {
  count++;
  return {
    type: "exposure",
    id: `event-${count}`,
    time: "2026-11-23T11:59:00.000Z",
    experiment: "checkout-button",
    flag: "checkout-button",
    variant: "promise",
    unit: "u-42",
    by: "targetingKey",
    version: 7,
    ...changes,
  };
}

/** A valid track event with an id of its own. */
export function track(changes: object = {}) {
  count++;
  return {
    type: "track",
    id: `event-${count}`,
    time: "2026-11-23T11:59:30.000Z",
    name: "purchase",
    units: { targetingKey: "u-42" },
    ...changes,
  };
}
