import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { createStorefront } from "./app.ts";
import { readEnv } from "./env.ts";

const root = fileURLToPath(new URL("../../dist", import.meta.url));

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const env = readEnv();
if ("sentence" in env) fail(env.sentence);
if (!existsSync(`${root}/index.html`)) fail("The storefront's page is not built yet. Run its build script first.");

const app = createStorefront({ config: env.config, root });
const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));

server.on("error", (error: NodeJS.ErrnoException) => {
  const taken = `port ${env.port} on ${env.host} is taken. Stop what listens there, or set PORT to a free port`;
  fail(`The storefront cannot start: ${error.code === "EADDRINUSE" ? taken : error.message}.`);
});
server.listen(env.port, env.host, () => {
  process.stdout.write(`storefront is listening on http://${env.host}:${env.port}\n`);
});

const stop = () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
