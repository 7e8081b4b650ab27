import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WatchedServer, watchListener } from "@telltale/sdk/watch/node";
import { seeded } from "../visitors/people.ts";

/** The flag whose variant `true` brings the fault. */
export const FLAG = "express-checkout";

/** Whom the checkout served, and who got an HTTP 500, each visitor once. */
export interface Served {
  /** Everybody who asked. */
  all: Set<string>;
  /** Who was served the new checkout. */
  exposed: Set<string>;
  failing: Set<string>;
  /** Of the first HTTP 500, milliseconds since 1970; undefined: none yet. */
  firstFailureAt: number | undefined;
}

/**
 * The shop's checkout: an HTTP server that asks the flag for each visitor. The new checkout fails for a share of those who
 * get it, each time; the old one never does.
 */
export async function startCheckout(
  telltale: WatchedServer,
  { fault }: { fault: number },
): Promise<{ url: string; served: Served; server: Server }> {
  const served: Served = { all: new Set(), exposed: new Set(), failing: new Set(), firstFailureAt: undefined };
  const server = createServer(
    watchListener(telltale, (request, response) => {
      const visitor = request.url?.slice(1) ?? "";
      const isExpress = telltale.for({ targetingKey: visitor }).value(FLAG, false);
      served.all.add(visitor);
      if (isExpress) served.exposed.add(visitor);
      const isFailing = isExpress && seeded(Number(visitor.replace(/\D/g, "")))() < fault;
      if (isFailing) {
        served.failing.add(visitor);
        served.firstFailureAt ??= Date.now();
      }
      response.writeHead(isFailing ? 500 : 200).end();
    }),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, served, server };
}
