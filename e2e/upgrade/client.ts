import { createClient } from "@clickhouse/client";
import type { Running } from "./product.ts";

export interface Person {
  email: string;
  password: string;
}

/** The product as somebody who is signed in sees it. */
export interface SignedInClient {
  /** Of the session, to be kept over an upgrade. */
  cookie: string;
  ask<T>(procedure: string, input?: unknown): Promise<T>;
  change<T>(procedure: string, input: unknown): Promise<T>;
}

/** Signs in. @throws where the password is not taken */
export async function signIn({ dashboardUrl }: Running, person: Person): Promise<SignedInClient> {
  const answer = await fetch(`${dashboardUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: dashboardUrl },
    body: JSON.stringify(person),
  });
  if (!answer.ok) throw new Error(`Sign-in answers ${answer.status}.`);
  const cookies = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
  return openClient(dashboardUrl, cookies.join("; "));
}

/** A client with a session that there is already. */
export function openClient(dashboardUrl: string, cookie: string): SignedInClient {
  const read = async <T>(procedure: string, answer: Response): Promise<T> => {
    const body = (await answer.json()) as { result?: { data: { json: T } }; error?: { json: { message: string } } };
    if (body.result) return body.result.data.json;
    throw new Error(`${procedure} answers ${answer.status}: ${body.error?.json.message}`);
  };
  const headers = { cookie, "content-type": "application/json", origin: dashboardUrl };
  return {
    cookie,
    ask: async (procedure, input) => {
      const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`;
      return read(procedure, await fetch(`${dashboardUrl}/api/trpc/${procedure}${query}`, { headers }));
    },
    change: async (procedure, input) => {
      const body = JSON.stringify({ json: input });
      return read(procedure, await fetch(`${dashboardUrl}/api/trpc/${procedure}`, { method: "POST", headers, body }));
    },
  };
}

/** What the edge decides of all flags for a unit, by OFREP. */
export async function evaluateByOfrep({ edgeUrl }: Running, key: string, targetingKey: string): Promise<unknown[]> {
  const answer = await fetch(`${edgeUrl}/ofrep/v1/evaluate/flags`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ context: { targetingKey, country: "DE" } }),
  });
  if (!answer.ok) throw new Error(`The edge answers ${answer.status}.`);
  const { flags } = (await answer.json()) as { flags: { key: string; value: unknown; variant: unknown }[] };
  return flags
    .map(({ key: flag, value, variant }) => ({ flag, value, variant }))
    .sort((a, b) => (a.flag < b.flag ? -1 : 1));
}

const COUNTS = {
  exposures:
    "SELECT experiment, variant, uniqExact(id) AS events, uniqExact(unit) AS units FROM exposure GROUP BY 1, 2 ORDER BY 1, 2",
  tracks: "SELECT name, uniqExact(id) AS events, uniqExact(unit) AS units FROM track GROUP BY 1 ORDER BY 1",
  evaluations: "SELECT uniqExact(id) AS events FROM evaluation",
};

/** What is in the event store, each event once. */
export async function countEvents({ clickhouseUrl }: Running): Promise<Record<string, unknown[]>> {
  const client = createClient({ url: clickhouseUrl });
  try {
    const counted: Record<string, unknown[]> = {};
    for (const [name, query] of Object.entries(COUNTS)) {
      const answer = await client.query({ query, format: "JSONEachRow" });
      counted[name] = await answer.json();
    }
    return counted;
  } finally {
    await client.close();
  }
}
