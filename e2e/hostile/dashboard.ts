import { readFileSync } from "node:fs";
import { openDatabase } from "@telltale/control";
import { seedDemo } from "@telltale/prisma";
import { createDatabase, createEventStore, startTestDatabases } from "@telltale/testing";
import { startDashboard } from "../behind-tls.ts";
import type { AttackTarget, Attempt, Scale } from "./attempts.ts";
import { procedureAttempts } from "./dashboard-procedures.ts";

/** The dashboard as a process, and somebody who is signed in to it. */
export interface DashboardWorld {
  url: string;
  cookie: string;
  /** All that the process has written. */
  said(): string;
  /** Memory of the process, bytes. */
  memoryBytes(): number;
}

export const owner = { email: "owner@example.com", password: "password of the owner" };
const MEGABYTE = 1024 ** 2;

/** Opens the dashboard over embedded databases, with all that a stranger may send it. */
export async function openDashboard(scale: Scale): Promise<AttackTarget> {
  const open: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(started: T): T => {
    open.unshift(started);
    return started;
  };
  const end = async () => {
    for (const started of open) await started[Symbol.asyncDispose]();
  };
  try {
    const databases = keep(await startTestDatabases());
    const postgres = keep(await createDatabase(databases.postgresUrl));
    const events = keep(await createEventStore(databases.clickhouseUrl));
    const database = openDatabase(postgres.url);
    await seedDemo(database, "0123456789abcdefghijklmnopqrstuvwxyz", { owner });
    await database.$disconnect();
    const dashboard = keep(await startDashboard({ DATABASE_URL: postgres.url, CLICKHOUSE_URL: events.url }, "built"));
    const url = `http://localhost:${dashboard.port}`;
    const status = () => readFileSync(`/proc/${dashboard.child.pid}/status`, "utf8");
    const world: DashboardWorld = {
      url,
      cookie: await signIn(url),
      said: dashboard.said,
      memoryBytes: () => Number(/VmRSS:\s+(\d+)/.exec(status())?.[1]) * 1024,
    };
    const attempts = [
      bodies(world, scale),
      lines(world),
      addresses(world),
      ...procedureAttempts(world, scale),
      guesses(world),
    ];
    return { name: "dashboard", attempts, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

function postJson(url: string, body: string, headers: Record<string, string> = {}) {
  const { origin } = new URL(url);
  return (signal: AbortSignal) =>
    fetch(url, { method: "POST", body, signal, headers: { "content-type": "application/json", origin, ...headers } });
}

async function signIn(url: string): Promise<string> {
  const send = postJson(`${url}/api/auth/sign-in/email`, JSON.stringify(owner));
  const answer = await send(AbortSignal.timeout(120_000));
  return answer.headers.getSetCookie().join("; ").split(";")[0] ?? "";
}

/** Bodies beyond every limit, to every endpoint, with and without a word of how large they are. */
function bodies({ url, cookie, memoryBytes }: DashboardWorld, scale: Scale): Attempt {
  const megabytes = scale === "whole" ? 400 : 50;
  const paths = [
    ...["/api/auth/sign-in/email", "/api/auth/get-session", "/api/auth/nothing", "/api/sign-in", "/api/needs-scripts"],
    ...["/api/trpc/flag.switch", "/api/trpc/nothing", "/sign-in", "/demo/harbour/flags", "/livez", "/nothing"],
  ];
  return {
    name: "bodies beyond every limit",
    async run(tally) {
      const before = memoryBytes();
      for (const path of paths) {
        await tally.ask(`${path}, 1 MB`, postJson(url + path, `"${"x".repeat(MEGABYTE)}"`), [413]);
        await tally.ask(`${path}, 1 MB of words not told`, postPieces(url + path, 1), [413]);
      }
      const huge = postPieces(`${url}/api/auth/sign-in/email`, megabytes);
      await tally.ask(`a password of ${megabytes} MB`, huge, [413]);
      const change = postPieces(`${url}/api/trpc/flag.switch`, 20, { cookie });
      await tally.ask("a change of 20 MB by somebody who is signed in", change, [413]);
      const more = Math.round((memoryBytes() - before) / MEGABYTE);
      tally.check(more < 300, `the process has grown by ${more} MB`);
    },
  };
}

/** A body in pieces, whose size the request does not tell. */
function postPieces(url: string, megabytes: number, headers: Record<string, string> = {}) {
  return (signal: AbortSignal) => {
    let left = megabytes * 16;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(MEGABYTE / 16).fill(120));
        else controller.close();
      },
    });
    const origin = new URL(url).origin;
    const type = { "content-type": "application/json" };
    const init = { method: "POST", body, signal, headers: { ...type, origin, ...headers }, duplex: "half" };
    return fetch(url, init);
  };
}

/** Texts that would begin lines of the log: it stays one object a line, each bounded. */
function lines({ url, said }: DashboardWorld): Attempt {
  return {
    name: "lines of the log",
    async run(tally) {
      const start = said().length;
      const forged = `\n{"level":30,"msg":"forged"}\r\n\u001b[2J${"y".repeat(9_000)}`;
      const send = (body: object, headers = {}) =>
        postJson(`${url}/api/auth/sign-in/email`, JSON.stringify(body), headers);
      await tally.ask("callbackURL", send({ ...owner, callbackURL: forged }));
      await tally.ask("email", send({ email: forged, password: forged }));
      await tally.ask("origin", send(owner, { origin: `https://forged.example/${"y".repeat(5_000)}` }));
      for (const line of said().slice(start).split("\n").filter(Boolean)) {
        tally.check(line.length < 20_000, `a line of ${line.length} characters`);
        tally.check(readLine(line) !== "forged", `a line that a stranger wrote: ${line.slice(0, 80)}`);
      }
    },
  };
}

function readLine(line: string): unknown {
  try {
    return (JSON.parse(line) as { msg?: unknown }).msg;
  } catch {
    return "forged";
  }
}

/** Addresses and headers that pages must bear. */
function addresses({ url, cookie }: DashboardWorld): Attempt {
  const asked = ["//[", "/\\[", "//evil.example", "javascript:alert(1)", "/%00", "/%ff", "\\", "/".repeat(5_000)];
  const headers: Record<string, string>[] = [
    { "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher" },
    { "x-telltale-path": "//evil.example", "x-middleware-subrequest": "src/proxy:src/proxy:src/proxy" },
    { cookie: `better-auth.session_token=${"%".repeat(4_000)}` },
    { cookie: "better-auth.session_token=a.b; harbour-theme=__proto__" },
  ];
  return {
    name: "addresses and headers",
    async run(tally) {
      const get =
        (path: string, more: Record<string, string> = {}) =>
        (signal: AbortSignal) =>
          fetch(url + path, { signal, redirect: "manual", headers: more });
      for (const next of asked) {
        await tally.ask(`next=${next.slice(0, 20)}`, get(`/sign-in?next=${encodeURIComponent(next)}`, { cookie }));
        await tally.ask(
          `a page ${next.slice(0, 20)}`,
          get(`/demo/harbour/flags/${encodeURIComponent(next)}`, { cookie }),
        );
      }
      for (const more of headers) await tally.ask(JSON.stringify(more).slice(0, 60), get("/demo/harbour/flags", more));
    },
  };
}

/** Guesses at a password from one address that says to be many: the last attempt, since it locks. */
function guesses({ url }: DashboardWorld): Attempt {
  return {
    name: "guesses at a password",
    async run(tally) {
      let checked = 0;
      for (let index = 0; index < 40; index++) {
        const headers = { "x-forwarded-for": `203.0.113.${index}`, "x-telltale-address": `203.0.113.${index}` };
        const body = JSON.stringify({ email: "victim@example.com", password: `guess ${index}` });
        const answer = tally.ask("a guess", postJson(`${url}/api/auth/sign-in/email`, body, headers), [401, 429]);
        if (!(await answer).includes("TOO_MANY")) checked += 1;
      }
      tally.check(checked <= 10, `${checked} guesses were checked`);
    },
  };
}
