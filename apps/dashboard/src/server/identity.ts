import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddress from "proxy-addr";

/** Carries the address that a request came from; only this server writes it. */
export const ADDRESS_HEADER = "x-telltale-address";

/** What a proxy says of a request. From anybody else these are claims, and they are dropped. */
const CLAIMS = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
  "forwarded",
];

export interface Identity {
  /** Proxies whose word counts: addresses, networks (`10.0.0.0/8`), or `loopback`, `linklocal`, `uniquelocal`. */
  trustedProxies: readonly string[];
  /** Where people open the dashboard, where that is configured: the host and protocol of every request. */
  publicUrl?: URL | undefined;
}

/** Told when a request came through a proxy that nobody has named. */
type OnStranger = (proxy: string) => void;

/**
 * Replaces what a request claims about its origin by what is known.
 * @returns a function to call with each request before anybody else reads it
 * @throws TypeError for a trusted proxy that is no address
 */
export function openIdentity({ trustedProxies, publicUrl }: Identity, onStranger: OnStranger) {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return (request: IncomingMessage): void => {
    const near = plain(request.socket.remoteAddress);
    const claimed = plain(proxyAddress(request, isTrusted));
    if (request.headers["x-forwarded-for"] !== undefined && !isTrusted(near, 0)) onStranger(near);
    for (const name of Object.keys(request.headers)) {
      if (CLAIMS.includes(name) || name.startsWith("x-telltale-")) delete request.headers[name];
    }
    const address = isIP(claimed) ? claimed : near;
    request.headers[ADDRESS_HEADER] = address;
    request.headers["x-forwarded-for"] = address;
    if (!publicUrl) return;
    request.headers.host = publicUrl.host;
    request.headers["x-forwarded-host"] = publicUrl.host;
    request.headers["x-forwarded-proto"] = publicUrl.protocol.slice(0, -1);
  };
}

/** An IPv4 address is one, also where the socket is one of IPv6. */
function plain(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}
