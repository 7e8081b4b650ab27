import net from "node:net";

/** Addresses that mean "all of this machine", and the one by which the machine reaches itself then. */
const EVERYWHERE: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Where this machine itself reaches what listens on `host`: `http://127.0.0.1:4400`. */
export function innerUrl(host: string, port: number): string {
  return `http://${inUrl(EVERYWHERE[host] ?? host)}:${port}`;
}

/** What a person on this machine types: `http://localhost:4400`, or the one address that is listened on. */
export function personUrl(host: string, port: number): string {
  const isPlain = host === "127.0.0.1" || Object.hasOwn(EVERYWHERE, host);
  return isPlain ? `http://localhost:${port}` : innerUrl(host, port);
}

function inUrl(host: string): string {
  return net.isIPv6(host) ? `[${host}]` : host;
}
