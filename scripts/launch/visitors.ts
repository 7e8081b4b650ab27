import { spawn } from "node:child_process";
import path from "node:path";
import { Refusal, readSettings, root } from "./settings.ts";
import { readDemo, readRunning } from "./state.ts";

/** `npm run visitors`: the storefront's simulator, told where the running product is. */
function main() {
  const { dataFolder } = readSettings("start");
  const running = readRunning(dataFolder);
  const demo = readDemo(dataFolder);
  const serverKey = demo?.keys.production?.server;
  const asksForHelp = process.argv.includes("--help");
  if (!asksForHelp && (!running || !serverKey)) {
    throw new Refusal(
      "Telltale is not running: start it with `npm start` in another terminal, then send the visitors.",
    );
  }
  const args = ["--import", "tsx", "src/visitors/main.ts", ...process.argv.slice(3)];
  const child = spawn(process.execPath, args, {
    cwd: path.join(root, "apps/storefront"),
    stdio: "inherit",
    env: { ...process.env, EDGE_URL: running?.edgeUrl ?? "", SERVER_KEY: serverKey ?? "" },
  });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code) => process.exit(code ?? 1));
}

try {
  main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exit(1);
}
