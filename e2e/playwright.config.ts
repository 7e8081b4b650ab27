import path from "node:path";
import { defineConfig } from "@playwright/test";
import { dataFolder, environment, ports, root } from "./product.ts";

/** One product, started as a newcomer does, in a folder and on ports of its own; one browser. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  outputDir: path.join(root, "test-results"),
  reporter: [["list"], ["json"]],
  use: {
    baseURL: `http://localhost:${ports.dashboard}`,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  webServer: {
    command: `node scripts/test/fresh-start.mjs ${JSON.stringify(dataFolder)}`,
    cwd: root,
    env: environment,
    // Answers when everything is up: the file behind it is written last.
    url: `http://127.0.0.1:${ports.storefront}/livez`,
    timeout: 300_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "pipe",
  },
});
