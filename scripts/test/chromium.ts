import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../launch/settings.ts";
import { apt } from "./debian-postgres.ts";

const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/opt/google/chrome/chrome"];

/**
 * A Chromium for the browser tests: one that is there, else Playwright's own, else Debian's package when root.
 * @returns path of the executable
 * @throws with what to install when there is no way
 */
export async function ensureChromium(): Promise<string> {
  const found = [process.env.CHROMIUM, ...known].find((file) => file && fs.existsSync(file)) ?? playwrights();
  if (found) return found;
  try {
    execFileSync(process.execPath, [playwrightCli(), "install", "chromium"], { stdio: "ignore", timeout: 120_000 });
  } catch {
    apt("chromium");
  }
  const installed = known.find((file) => fs.existsSync(file)) ?? playwrights();
  if (installed) return installed;
  throw new Error(
    "The browser tests need Chromium: install Debian's package `chromium`, or set CHROMIUM to an executable.",
  );
}

/** Playwright's command, which belongs to `e2e`. */
export function playwrightCli(): string {
  return createRequire(path.join(root, "e2e/package.json")).resolve("@playwright/test/cli");
}

function playwrights(): string | undefined {
  const playwright = createRequire(path.join(root, "e2e/package.json"))("@playwright/test") as {
    chromium: { executablePath(): string };
  };
  const file = playwright.chromium.executablePath();
  return fs.existsSync(file) ? file : undefined;
}
