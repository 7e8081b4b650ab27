import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStorefront } from "./app.ts";
import { readEnv } from "./env.ts";

const config = { edgeUrl: "http://localhost:4401", clientKey: "ttc_x", dashboardUrl: "http://localhost:4400" };

describe("the storefront's server", () => {
  const folder = mkdtempSync(join(tmpdir(), "storefront-"));
  const root = join(folder, "dist");
  beforeAll(() => {
    mkdirSync(join(root, "assets"), { recursive: true });
    writeFileSync(join(root, "index.html"), "<!doctype html><title>Harbour Supplies</title>");
    writeFileSync(join(root, "assets", "index-abc.js"), "1");
    writeFileSync(join(folder, "secret.txt"), "secret");
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const get = (path: string) => createStorefront({ config, root }).request(path);

  it("serves the page, its assets and its configuration", async () => {
    const page = await get("/?visitor=u-42");
    expect(await page.text()).toContain("Harbour Supplies");
    expect(page.headers.get("content-security-policy")).toContain("connect-src 'self' http://localhost:4401;");
    expect((await get("/assets/index-abc.js")).headers.get("cache-control")).toContain("immutable");
    expect(await (await get("/config.json")).json()).toEqual(config);
  });

  it.each(["/nothing", "/assets/gone.js", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"])(
    "answers 404 to %s",
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("cache-control")).toBe("no-cache");
    },
  );
});

describe("readEnv", () => {
  it("fills in the defaults", () => {
    expect(readEnv({ CLIENT_KEY: "ttc_x" })).toEqual({ port: 4402, host: "127.0.0.1", config });
  });

  it("names everything that is wrong", () => {
    const answer = readEnv({ PORT: "99999", EDGE_URL: "localhost:4401" });
    const sentence = "sentence" in answer ? answer.sentence : "";
    for (const part of ["CLIENT_KEY is not set", "PORT", "EDGE_URL must be"]) expect(sentence).toContain(part);
  });
});
