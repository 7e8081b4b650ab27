import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "./settings.ts";

/** An address of every Linux machine that is not where a process listens unless told. */
const HOST = "127.0.0.2";

it.runIf(process.platform === "linux")(
  "becomes ready on the one address that it is told to listen on",
  async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-host-"));
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/launch/main.ts", "dev"], {
      cwd: root,
      env: {
        ...process.env,
        TELLTALE_DATA: folder,
        TELLTALE_HOST: HOST,
        DATABASE_URL: "",
        CLICKHOUSE_URL: "",
        TELLTALE_DASHBOARD_PORT: "4637",
        TELLTALE_EDGE_PORT: "4638",
        TELLTALE_STOREFRONT_PORT: "4639",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "exit");
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    try {
      // What it says once everything answers: the demo's events go through the edge.
      const isSettled = () => text.includes("Replaying") || child.exitCode !== null;
      await expect.poll(isSettled, { timeout: 240_000 }).toBe(true);
      expect(text).toContain("Replaying");
      expect((await fetch(`http://${HOST}:4638/readyz`)).status).toBe(200);
      await expect(fetch("http://127.0.0.1:4638/readyz")).rejects.toThrow();
    } finally {
      child.kill("SIGTERM");
      await ended;
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
