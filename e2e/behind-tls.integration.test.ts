import { existsSync } from "node:fs";
import { openDatabase } from "@telltale/control";
import { DEMO_PROJECT, seedDemo } from "@telltale/prisma";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Asked, NAME, startDashboard, startTls } from "./behind-tls.ts";
import { freePort } from "./edge-process.ts";

const binary = process.env.HAPROXY ?? "/usr/sbin/haproxy";
const owner = { email: "owner@example.com", password: "password of the owner" };
const open: AsyncDisposable[] = [];
const keep = <T extends AsyncDisposable>(started: T): T => {
  open.unshift(started);
  return started;
};
let origin: string;
let tls: Awaited<ReturnType<typeof startTls>>;

beforeAll(async () => {
  expect(existsSync(binary), "no HAProxy here: install Debian's package `haproxy`, or set HAPROXY").toBe(true);
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  const postgres = keep(await createDatabase(postgresUrl));
  const events = keep(await createEventStore(clickhouseUrl));
  const database = openDatabase(postgres.url);
  await seedDemo(database, "0123456789abcdefghijklmnopqrstuvwxyz", { owner });
  await database.$disconnect();
  const port = await freePort();
  origin = `https://${NAME}:${port}`;
  const dashboard = keep(
    await startDashboard({
      DATABASE_URL: postgres.url,
      CLICKHOUSE_URL: events.url,
      PUBLIC_URL: `${origin}/telltale`,
      TRUSTED_PROXIES: "127.0.0.1",
    }),
  );
  tls = keep(await startTls(binary, port, dashboard.port));
});
afterAll(async () => {
  for (const started of open) await started[Symbol.asyncDispose]();
});

function signIn(body: object, asked: Asked = {}) {
  const headers = { "content-type": "application/json", origin, ...asked.headers };
  return tls.ask("/telltale/api/auth/sign-in/email", { ...asked, method: "POST", headers, body: JSON.stringify(body) });
}

it("signs in at its public name, with a cookie that only travels by TLS, and says to stay with TLS", async () => {
  const answer = await signIn(owner);
  expect(answer.status).toBe(200);
  const [cookie = ""] = answer.headers["set-cookie"] ?? [];
  expect(cookie).toMatch(/^__Secure-better-auth\.session_token=.*; Secure/);
  expect(answer.headers).toMatchObject({
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-store",
  });
  const me = await tls.ask("/telltale/api/trpc/session.me", { headers: { cookie: cookie.split(";")[0] ?? "" } });
  expect(JSON.parse(me.body)).toMatchObject({ result: { data: { json: { organisations: [{ role: "Owner" }] } } } });
  expect((await signIn(owner, { headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
});

it("serves the pages under its path with all that they load, and only scripts of its own may run", async () => {
  const page = await tls.ask("/telltale/sign-in");
  expect(page.status).toBe(200);
  const nonce = /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(
    String(page.headers["content-security-policy"]),
  )?.[1];
  expect(nonce).toBeDefined();
  const scripts = page.body.match(/<script[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  const assets = [...page.body.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg)[^"]*)"/g)].map(
    ([, path]) => path ?? "",
  );
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) {
    expect(path).toMatch(/^\/telltale\//);
    expect((await tls.ask(path.replaceAll("&amp;", "&"))).status, path).toBe(200);
  }
});

it("signs in without scripts: the password stands in no address", async () => {
  const page = await tls.ask(`/telltale/sign-in?next=${encodeURIComponent(`/${DEMO_PROJECT}/segments`)}`);
  const form = /<form[^>]*>/.exec(page.body)?.[0] ?? "";
  expect(form).toMatch(/method="post"/i);
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? "";
  const headers = { "content-type": "application/x-www-form-urlencoded", origin };
  const post = (fields: Record<string, string>) =>
    tls.ask(action, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
  const wrong = await post({ email: owner.email, password: "not it", next: "/a" });
  expect([wrong.status, wrong.headers.location]).toEqual([303, "/telltale/sign-in?problem=credentials&next=%2Fa"]);
  expect((await tls.ask(wrong.headers.location ?? "")).body).toContain('role="alert"');
  const right = await post({ ...owner, next: `/${DEMO_PROJECT}/segments` });
  expect([right.status, right.headers.location]).toEqual([303, `/telltale/${DEMO_PROJECT}/segments`]);
  expect(right.headers["set-cookie"]?.[0]).toContain("; Secure");
  const cookie = right.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  expect((await tls.ask(right.headers.location ?? "", { headers: { cookie } })).status).toBe(200);
});

it("leads to the project's pages under its organisation, from addresses of the form before too", async () => {
  const [cookie = ""] = (await signIn(owner)).headers["set-cookie"] ?? [];
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  const get = async (path: string, more: Record<string, string> = {}) => {
    const answer = await tls.ask(`/telltale${path}`, { headers: { ...headers, ...more } });
    return [answer.status, answer.headers.location];
  };
  const flags = `/telltale/${DEMO_PROJECT}/flags`;
  expect(await get("")).toEqual([307, flags]);
  expect(await get("", { cookie: `${headers.cookie}; telltale-project=not/mine` })).toEqual([307, flags]);
  expect(await get("/demo")).toEqual([307, flags]);
  expect(await get(`/${DEMO_PROJECT}/flags`)).toEqual([200, undefined]);
  expect(await get("/harbour")).toEqual([307, `/telltale/${DEMO_PROJECT}`]);
  expect(await get("/harbour/flags/free-shipping?env=staging")).toEqual([307, `${flags}/free-shipping?env=staging`]);
  for (const path of ["/other", "/other/harbour/flags", "/demo/other/flags", "/demo/%2e%2e/flags", "/a b/flags"]) {
    expect([path, (await get(encodeURI(path)))[0]]).toEqual([path, 404]);
  }
  const signedOut = await tls.ask(`/telltale/${DEMO_PROJECT}/flags?env=staging`);
  const next = encodeURIComponent(`/${DEMO_PROJECT}/flags?env=staging`);
  expect([signedOut.status, signedOut.headers.location]).toEqual([307, `/telltale/sign-in?next=${next}`]);
});

it("counts guesses by where they really come from, and locks nobody else out", async () => {
  const codes: number[] = [];
  for (let index = 0; index < 14; index++) {
    const headers = { "x-forwarded-for": `203.0.113.${index}` };
    codes.push(
      (await signIn({ email: "viewer@example.com", password: "a guess" }, { headers, from: "127.0.0.3" })).status,
    );
  }
  expect(codes).toEqual([...Array(10).fill(401), ...Array(4).fill(429)]);
  expect((await signIn(owner, { from: "127.0.0.4" })).status).toBe(200);
});

it("sends who is not signed in to sign in, under its path, whatever host the request names", async () => {
  const answer = await tls.ask(`/telltale/${DEMO_PROJECT}/flags`, { headers: { host: "evil.example" } });
  expect([307, 308]).toContain(answer.status);
  expect(answer.headers.location).toMatch(/^\/telltale\/sign-in\?next=/);
});
