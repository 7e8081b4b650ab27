import { spawn } from "node:child_process";
import path from "node:path";
import { Refusal, readSettings, root } from "../launch/settings.ts";
import { type Demo, type Running, readDemo, readRunning } from "../launch/state.ts";

interface Product {
  running: Running;
  demo: Demo;
}

/** Runs a program of the storefront against the running product, with the command's own options. */
export function runInShop(program: string, environment: (product: Product) => Record<string, string>): void {
  try {
    start(program, environment);
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
    process.exit(1);
  }
}

function start(program: string, environment: (product: Product) => Record<string, string>) {
  const { dataFolder } = readSettings("start");
  const running = readRunning(dataFolder);
  const demo = readDemo(dataFolder);
  const serverKey = demo?.keys.production?.server;
  const isThere = running !== undefined && demo !== undefined && serverKey !== undefined;
  if (!process.argv.includes("--help") && !isThere) {
    throw new Refusal(
      "Telltale is not running: start it with `npm start` in another terminal, then send the visitors.",
    );
  }
  const own = isThere ? environment({ running, demo }) : {};
  const child = spawn(process.execPath, ["--import", "tsx", program, ...process.argv.slice(3)], {
    cwd: path.join(root, "apps/storefront"),
    stdio: "inherit",
    env: { ...process.env, EDGE_URL: running?.edgeUrl ?? "", SERVER_KEY: serverKey ?? "", ...own },
  });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code) => process.exit(code ?? 1));
}
