import { invalid } from "../door/error.ts";

/**
 * Origins as browsers send them, which an edge compares letter by letter: scheme, host and port, in small letters,
 * without the scheme's own port and without a slash at the end.
 * @throws ControlError INVALID naming those that are no origins
 */
export function readOrigins(texts: readonly string[]): string[] {
  const origins = texts.map(readOrigin);
  const wrong = texts.filter((_, at) => origins[at] === undefined);
  if (wrong.length > 0) throw invalid(wrong.map(describeWrong));
  return [...new Set(origins.flatMap((origin) => origin ?? []))];
}

function readOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, username, password, pathname, search, hash, origin } = new URL(text);
  const isBare = host !== "" && username + password + search + hash === "" && /^\/?$/.test(pathname);
  if (!isBare) return undefined;
  // Of schemes that are no web's, such as an app's or an extension's, URL knows no origin; browsers send this.
  return origin === "null" ? `${protocol}//${host.toLowerCase()}` : origin;
}

function describeWrong(text: string): string {
  return `"${text.slice(0, 200)}" is no origin: write scheme, host and port only, such as https://shop.example.`;
}
