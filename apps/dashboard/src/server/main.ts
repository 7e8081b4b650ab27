import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import next from "next";
import { env } from "../env.ts";
import { captureConsole, log, logError } from "../log.ts";
import { createFront } from "./front.ts";
import { setSafeHeaders } from "./headers.ts";
import { openIdentity } from "./identity.ts";
import { bodyLimit, showsSession } from "./limits.ts";
import { splitPath } from "./paths.ts";

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** The launcher waits 12 s before it kills. */
const STOP_LIMIT_MS = 5_000;

/** Starts the dashboard: Next behind a server of our own, which keeps the bounds and knows how to end. */
async function main(): Promise<void> {
  const { PORT, HOST, AUTH_SECRET, PUBLIC_URL, TRUSTED_PROXIES, BASE_PATH } = env();
  captureConsole();
  const publicUrl = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL);
  const identify = openIdentity({ trustedProxies: TRUSTED_PROXIES, publicUrl }, warnOnce());
  const dev = process.argv.includes("--dev");
  const pathOf = (request: IncomingMessage) => splitPath(request.url ?? "/", BASE_PATH);

  const front = createFront({
    handle: (request, response) => handle(request, response),
    bodyLimit: (request) => bodyLimit(pathOf(request).path, () => showsSession(request, AUTH_SECRET)),
    prepare: (request, response) => {
      const { path: asked, url } = pathOf(request);
      request.url = url;
      identify(request);
      setSafeHeaders(response, asked, publicUrl?.protocol === "https:");
    },
    onError: logError,
  });
  const app = next({ dev, dir: folder, hostname: HOST, port: PORT, httpServer: front.server });
  const handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = app.getRequestHandler();
  await app.prepare();
  await listen(front.server, PORT, HOST);
  log().info({ host: HOST, port: PORT }, "dashboard is listening");

  const stop = async (signal: NodeJS.Signals) => {
    log().info({ signal }, "dashboard is stopping");
    await front.stop(STOP_LIMIT_MS);
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function listen(server: import("node:http").Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      server.on("error", logError);
      resolve();
    });
  });
}

/** Says once that people share a limit whose addresses are hidden by a proxy. */
function warnOnce(): (proxy: string) => void {
  let said = false;
  return (proxy) => {
    if (said) return;
    said = true;
    log().warn(
      { proxy },
      "Requests come through a proxy that is not in TRUSTED_PROXIES, so everybody behind it counts as one. Add its address.",
    );
  };
}

main().catch((error: unknown) => {
  logError(error);
  process.exit(1);
});
